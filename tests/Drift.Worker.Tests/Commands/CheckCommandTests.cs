using System.Text.Json;

namespace Drift.Worker.Tests.Commands;

public sealed class CheckCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    string Data(string name, int seed, double shift = 0, int rows = 3000)
    {
        var random = new Random(seed);
        return folder.File(name, "x,y\n" + string.Concat(Enumerable.Range(0, rows).Select(_ => $"{random.NextDouble() + shift:F5},{random.NextDouble():F5}\n")));
    }

    Task<Run> Check(string current, params string[] more) => Run.Of(["check", "--reference", Data("reference.csv", 1), "--current", current, .. more]);

    [Fact]
    public async Task A_window_like_the_reference_passes()
    {
        var run = await Check(Data("now.csv", 2));
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("passed: no rule is violated; 3,000 rows", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drifted_one_fails_with_exit_code_1_and_says_which_column()
    {
        var run = await Check(Data("now.csv", 2, shift: .4));
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("critical: data: x drifted", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(": y ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_fails_only_where_warnings_are_to_fail()
    {
        var policy = folder.File("p.json", """{"rules":{"drift":{"measure":"ks","above":0.1,"clear_at":0.08,"severity":"warning"}}}""");
        Assert.Equal(1, (await Check(Data("now.csv", 2, shift: .4), "--policy", policy)).Code);
        Assert.Equal(0, (await Check(folder["now.csv"], "--policy", policy, "--fail-on", "critical")).Code);
    }

    [Fact]
    public async Task Too_little_data_fails_unless_it_is_allowed()
    {
        var run = await Check(Data("now.csv", 2, rows: 40));
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("160 are missing", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Check(folder["now.csv"], "--allow-insufficient")).Code);
    }

    [Fact]
    public async Task Json_is_one_document_that_also_reads_as_a_comparison()
    {
        var run = await Check(Data("now.csv", 2, shift: .4), "--format", "json");
        Assert.Equal(1, run.Code);
        using var document = JsonDocument.Parse(run.Out);
        Assert.False(document.RootElement.GetProperty("passed").GetBoolean());
        Assert.Equal("x", document.RootElement.GetProperty("violations")[0].GetProperty("column").GetString());
        Assert.Equal(3000, document.RootElement.GetProperty("current").GetProperty("rows").GetInt64());
        Assert.NotEmpty(document.RootElement.GetProperty("readings").EnumerateArray());
    }

    [Theory]
    [InlineData("--fail-on odd: warning or critical", "--fail-on", "odd")]
    [InlineData("none.json: there is no such file", "--policy", "none.json")]
    public async Task What_is_wrong_is_said_in_one_line(string expected, params string[] more) =>
        Assert.Contains(expected, (await Check(Data("now.csv", 2, rows: 300), more)).TheOneLine(), StringComparison.Ordinal);
}
