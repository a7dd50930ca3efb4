using System.Globalization;
using System.Text.Json;

namespace Drift.Worker.Tests.Commands;

/// <summary>capture, policy dryrun and report read what a worker stored; here a replay writes it.</summary>
public sealed class StoredCommandsTests : IDisposable
{
    const int Rows = 800;
    readonly Folder folder = new();
    readonly DateTimeOffset start = new(DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(-12), TimeSpan.Zero);

    public void Dispose() => folder.Dispose();

    /// <summary>Ten days of model m; column x moves on day 5.</summary>
    async Task<string> Stored()
    {
        var random = new Random(5);
        folder.File("train.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 8000).Select(_ => $"{random.NextDouble():F5},{random.NextDouble():F5}\n")));
        Assert.Equal(0, (await Run.Of("profile", folder["train.csv"], "--out", folder["r.json"], "--model", "m", "--model-version", "1")).Code);
        folder.File("log.jsonl", string.Concat(Enumerable.Range(0, 10 * Rows).Select(i =>
            $"{{\"ts\":\"{start.AddDays(i / (double)Rows).UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}\",\"model\":\"m\",\"version\":\"1\",\"features\":{{\"x\":{random.NextDouble() + (i >= 5 * Rows ? .5 : 0):F5},\"y\":{random.NextDouble():F5}}}}}" + "\n")));
        var config = folder.File("drift.json", $$"""{ "Drift": { "Source": { "Kafka": { "bootstrap.servers": "127.0.0.1:1" } }, "Models": { "m": { "Reference": "r.json" } }, "Store": { "Sqlite": {{JsonSerializer.Serialize(folder["drift.db"])}} } } }""");
        var replay = await Run.Of("replay", folder["log.jsonl"], "--config", config, "--write");
        Assert.Equal((0, ""), (replay.Code, replay.Error));
        return config;
    }

    string Day(int day) => start.AddDays(day).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_policy_can_be_tried_over_what_was_stored()
    {
        var config = await Stored();
        var policy = folder.File("p.json", """{"rules":{"strict":{"measure":"ks","above":0.3,"for":"1 of 1"}}}""");
        var run = await Run.Of("policy", "dryrun", policy, "--config", config, "--since", "30d");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("would have raised 1 alert in ", run.Out, StringComparison.Ordinal);
        Assert.Contains("x drifted", run.Out, StringComparison.Ordinal);
        run = await Run.Of("policy", "dryrun", policy, "--config", config, "--since", "30d", "--format", "json");
        using var document = JsonDocument.Parse(run.Out);
        Assert.Single(document.RootElement.GetProperty("raised").EnumerateArray());
        Assert.StartsWith("would have raised 0 alerts", (await Run.Of("policy", "dryrun", policy, "--config", config, "--since", "90m")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_can_be_captured_from_quiet_windows_with_their_exact_counts()
    {
        var config = await Stored();
        var run = await Run.Of("capture", "--config", config, "--model", "m", "--from", Day(0), "--to", Day(4), "--out", folder["new.json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        var (captured, old) = (ProfileFormat.Read(File.ReadAllBytes(folder["new.json"])), ProfileFormat.Read(File.ReadAllBytes(folder["r.json"])));
        Assert.Equal((old.Id, 4L * Rows, "m", "1", start, start.AddDays(4)), (captured.Id, captured.Rows, captured.Model, captured.ModelVersion, captured.Start, captured.End));
        var lines = File.ReadLines(folder["log.jsonl"]).Take(4 * Rows).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("features").GetProperty("x").GetDouble()).ToArray();
        Assert.Equal(ProfileBuilder.ForWindow(old).Add("x", lines).ToProfile().Find("x")!.Histogram!.Counts.ToArray(), captured.Find("x")!.Histogram!.Counts.ToArray());
        Assert.Equal(0, (await Run.Of("compare", "--reference", folder["new.json"], "--current", folder["train.csv"])).Code);
    }

    [Fact]
    public async Task A_stretch_that_drifts_in_itself_is_no_reference()
    {
        var config = await Stored();
        var run = await Run.Of("capture", "--config", config, "--model", "m", "--from", Day(2), "--to", Day(8), "--out", folder["new.json"]);
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("drifts from the second in x", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["new.json"]));
    }

    [Fact]
    public async Task A_review_tells_alerts_columns_and_pages()
    {
        var config = await Stored();
        var run = await Run.Of("report", "--config", config, "--since", "30d");
        Assert.Equal((0, ""), (run.Code, run.Error));
        foreach (var part in (string[])["# Drift review, ", "1 model, 10 windows, 8,000 rows", "## Alerts", "x drifted", "## Columns that moved most", "| m | 1 | x |", "5 of 10", "## Performance", "## Pages", "## Traffic"]) Assert.Contains(part, run.Out, StringComparison.Ordinal);
        var pages = run.Out.Split('\n').SkipWhile(l => l != "## Pages").Single(l => l.StartsWith("| m | ", StringComparison.Ordinal) && l.Count(c => c == '|') == 5);
        Assert.EndsWith("| 0 |", pages, StringComparison.Ordinal);
        var html = await Run.Of("report", "--config", config, "--since", "30d", "--format", "html", "--out", folder["week.html"]);
        Assert.Equal((0, "", ""), (html.Code, html.Out, html.Error));
        Assert.Contains("<h2>Columns that moved most</h2>", File.ReadAllText(folder["week.html"]), StringComparison.Ordinal);
        Assert.Contains("0 windows", (await Run.Of("report", "--config", config, "--since", "5m")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no window starts", "capture", "--config", "C", "--model", "none", "--from", "2026-01-01", "--to", "2026-01-02", "--out", "x.json")]
    [InlineData("--from noon", "capture", "--config", "C", "--model", "m", "--from", "noon", "--to", "2026-01-02", "--out", "x.json")]
    [InlineData("--model M is needed", "capture", "--config", "C", "--from", "2026-01-01", "--to", "2026-01-02", "--out", "x.json")]
    [InlineData("--since soon", "policy", "dryrun", "P", "--config", "C", "--since", "soon")]
    [InlineData("--format odd", "policy", "dryrun", "P", "--config", "C", "--format", "odd")]
    [InlineData("none.json", "policy", "dryrun", "P", "--config", "none.json")]
    public async Task What_is_wrong_is_said_in_one_line(string expected, params string[] args)
    {
        var config = await Stored();
        var policy = folder.File("p.json", """{"rules":{"a":{"measure":"ks","above":0.3}}}""");
        Assert.Contains(expected, (await Run.Of([.. args.Select(a => a switch { "C" => config, "P" => policy, _ => a })])).TheOneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_named_not_made()
    {
        folder.File("r.json", "");
        var config = folder.File("drift.json", $$"""{ "Drift": { "Source": { "Kafka": { "bootstrap.servers": "127.0.0.1:1" } }, "Models": { "m": { "Reference": "r.json" } }, "Store": { "Sqlite": {{JsonSerializer.Serialize(folder["none.db"])}} } } }""");
        var run = await Run.Of("policy", "dryrun", folder.File("p.json", """{"rules":{"a":{"measure":"ks","above":0.3}}}"""), "--config", config);
        Assert.Contains("none.db: there is no such file", run.TheOneLine(), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["none.db"]));
    }
}
