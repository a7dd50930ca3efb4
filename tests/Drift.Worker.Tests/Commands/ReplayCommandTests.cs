using System.Text;
using System.Text.Json;

namespace Drift.Worker.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("drift-replay-").FullName;

    public ReplayCommandTests()
    {
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"))).Add("x", Enumerable.Range(0, 5000).Select(i => i / 50.0).ToArray()).ToProfile();
        File.WriteAllBytes(At("m.json"), ProfileFormat.Write(reference));
        Config("""{"m":{"Reference":"m.json","Window":"01:00:00","Grace":"00:05:00"}}""");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    void Config(string models) => File.WriteAllText(At("drift.json"), "{\"Drift\":{\"Models\":" + models + ",\"Store\":{\"Sqlite\":\"kept.db\"}}}");

    string Log(string name, params string[] lines)
    {
        File.WriteAllLines(At(name), lines);
        return At(name);
    }

    static string Row(string time, double x = 1) => $$$"""{"ts":"2026-01-01T{{{time}}}Z","model":"m","features":{"x":{{{x.ToString(System.Globalization.CultureInfo.InvariantCulture)}}} } }""";

    async Task<JsonElement> Json(params string[] files)
    {
        var run = await Run.Of(["replay", .. files, "--config", At("drift.json"), "--format", "json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return JsonDocument.Parse(run.Out).RootElement;
    }

    [Fact]
    public async Task Every_record_is_accounted_for()
    {
        var a = Log("a.jsonl", Row("00:10:00"), Row("00:20:00"), "nonsense", "", Row("01:04:59"), Row("00:30:00"), Row("01:05:00"), Row("00:59:59"), """{"ts":"2026-01-01T02:00:00Z","model":"other","features":{}}""");
        var b = Log("b.jsonl", Row("00:40:00"), """{"model":"m","features":{}}""");
        var json = await Json(a, b);
        Assert.Equal((10, 6, 1, 1), (json.GetProperty("records").GetInt32(), json.GetProperty("rows").GetInt32(), json.GetProperty("late").GetInt32(), json.GetProperty("skipped").GetInt32()));
        Assert.Equal("""{"total":2,"reasons":{"no_ts":1,"not_json":1}}""", json.GetProperty("invalid").GetRawText());
        var windows = json.GetProperty("windows").EnumerateArray().Select(w => $"{w.GetProperty("start").GetString()} {w.GetProperty("rows").GetInt32()} {w.GetProperty("late").GetInt32()} {w.GetProperty("closed_by").GetString()} {w.GetProperty("partitions").GetInt32()}");
        Assert.Equal(["2026-01-01T00:00:00Z 4 1 end 2", "2026-01-01T01:00:00Z 2 0 end 1"], windows);
        Assert.False(File.Exists(At("kept.db")));
    }

    [Fact]
    public async Task Drift_becomes_an_alert_that_is_printed_and_not_sent()
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 6).SelectMany(hour => Enumerable.Range(0, 1000).Select(i => Row($"{hour:00}:{i * 3 / 60:00}:{i * 3 % 60:00}", hour < 3 ? random.NextDouble() * 100 : random.NextDouble() * 30))).ToArray();
        var json = await Json(Log("drift.jsonl", lines));
        var alert = json.GetProperty("alerts").EnumerateArray().Single();
        Assert.Equal(("x", "firing"), (alert.GetProperty("column").GetString(), alert.GetProperty("state").GetString()));
        Assert.Equal(6, json.GetProperty("windows").GetArrayLength());
        var table = await Run.Of("replay", At("drift.jsonl"), "--config", At("drift.json"));
        Assert.Equal(0, table.Code);
        Assert.Contains("6,000 messages, 6,000 rows, 0 late, 0 invalid, 0 skipped", table.Out, StringComparison.Ordinal);
        Assert.Contains("firing: m: x drifted", table.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_is_not_counted_twice()
    {
        var log = Log("a.jsonl", Row("00:10:00"), Row("03:00:00"));
        for (var i = 0; i < 2; i++)
        {
            var run = await Run.Of("replay", log, "--config", At("drift.json"), "--write");
            Assert.Contains("2 messages, 2 rows, 0 late", run.Out, StringComparison.Ordinal);
        }
        Assert.True(File.Exists(At("kept.db")));
    }

    [Fact]
    public async Task Times_of_tomorrow_are_refused()
    {
        var json = await Json(Log("f.jsonl", Row("00:10:00"), """{"ts":"2999-01-01T00:00:00Z","model":"m","features":{}}"""));
        Assert.Equal("""{"total":1,"reasons":{"future_ts":1}}""", json.GetProperty("invalid").GetRawText());
        Assert.Equal(1, json.GetProperty("windows").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"m":{"Reference":"absent.json"}}""", "Drift.Models.m.Reference: cannot read")]
    [InlineData("""{"m":{"Reference":"drift.json"}}""", "Drift.Models.m.Reference: ")]
    [InlineData("{}", "Drift.Models: at least one model is wanted")]
    [InlineData("""{"m":{"Reference":"m.json","Segments":["country"]}}""", "the reference has no column 'country'")]
    [InlineData("""{"m":{"Reference":"m.json","Segments":["x"]}}""", "'x' is numeric")]
    [InlineData("""{"m":{"Reference":"m.json","Measures":["psi","psii"]}}""", "Drift.Models.m.Measures: 'psii' is not a measure that a comparison computes; these are: psi")]
    public async Task A_bad_configuration_is_one_line(string models, string expected)
    {
        Config(models);
        var run = await Run.Of("replay", Log("a.jsonl", Row("00:10:00")), "--config", At("drift.json"));
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_missing_file_and_a_bad_format_are_usage()
    {
        Assert.Equal(2, (await Run.Of("replay", At("none.jsonl"), "--config", At("drift.json"))).Code);
        Assert.Equal(2, (await Run.Of("replay", Log("a.jsonl", Row("00:10:00")), "--config", At("drift.json"), "--format", "xml")).Code);
        Assert.Contains("not JSON", (await Run.Of("replay", Log("b.jsonl", "{}"), "--config", Log("broken.json", "{"))).Error, StringComparison.Ordinal);
    }
}
