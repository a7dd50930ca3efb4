using Drift.Worker.Commands.Demo;

namespace Drift.Worker.Tests.Commands.Demo;

/// <summary>The whole demo: broker, producer, consumer, windows, store, alerts, page, in this process.</summary>
public sealed class DemoCommandTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task It_ends_by_itself_and_names_exactly_the_columns_that_drifted(int seed)
    {
        var run = await Run.Of("demo", "--once", "--port", "0", "--seed", $"{seed}");
        Assert.True(run.Code == 0, run.Out + run.Error);
        Assert.Equal("", run.Error);
        var drifted = new DemoTraffic(seed, DateTimeOffset.UnixEpoch).Drifted.Select(c => c.Name).ToList();
        var lines = run.Out.Split('\n');
        var table = lines.SkipWhile(l => !l.StartsWith("column ", StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.StartsWith("Drift was put", StringComparison.Ordinal));
        Assert.Equal(drifted, table.Select(l => l.Split(' ')[0]));
        Assert.EndsWith($"and exactly those were named: {string.Join(", ", drifted)}.", lines.Last(l => l.Length > 0), StringComparison.Ordinal);
        // Each day one line, each alert one line that names column, value, threshold and since when.
        Assert.Equal(DemoTraffic.Days, lines.Count(l => l.Contains($"{DemoTraffic.RowsPerDay:N0} rows  ", StringComparison.Ordinal)));
        var alerts = lines.Where(l => l.StartsWith("ALERT ", StringComparison.Ordinal)).ToList();
        Assert.All(drifted, name => Assert.Contains(alerts, a => a.Contains($" {name} ", StringComparison.Ordinal) && a.Contains("over ", StringComparison.Ordinal) && a.Contains("since ", StringComparison.Ordinal)));
        Assert.All(alerts, a => Assert.Contains(drifted, name => a.Contains($" {name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--port 70000", "--port", "70000")]
    [InlineData("whole number", "--seed", "x")]
    public async Task Bad_usage_is_said_in_one_line(string expected, params string[] args) =>
        Assert.Contains(expected, (await Run.Of(["demo", .. args])).TheOneLine(), StringComparison.Ordinal);
}
