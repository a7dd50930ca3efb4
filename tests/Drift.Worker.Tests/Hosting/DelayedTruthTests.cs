using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Sources.Files;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Hosting;

/// <summary>car_loan with its labels 30 days late: every window's realised performance is that of its joined rows, and its estimate is there before them.</summary>
public sealed class DelayedTruthTests : IDisposable
{
    static readonly string[] roles = ["--ts", "timestamp", "--id", "id", "--prediction", "y_pred", "--score", "y_pred_proba"];

    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Realised_performance_per_window_is_that_of_its_joined_rows()
    {
        var analysis = TestData.Path("datasets/car_loan_analysis.csv.gz");
        Assert.Equal(0, (await Run.Of(["profile", TestData.Path("datasets/car_loan_reference.csv.gz"), "--out", folder["car.json"], "--truth", "repaid", "--chunk-size", "5000", .. roles])).Code);
        folder.File("drift.json", """{"Drift":{"Source":{"TruthTopics":["outcomes"]},"Models":{"car":{"Reference":"car.json","Window":"28.00:00:00","Task":"binary","TruthHorizon":"30.00:00:00"}}}}""");
        await Predictions(analysis);

        var rows = Rows(analysis);
        var all = await Replay(Truths(rows, 50_000));
        Assert.All(all, w => Assert.Equal(1, Value(w, "label_coverage")));
        Same(all, rows, 50_000);

        // Told up to the middle only: the later windows have their estimates and no truth, the one in between a part.
        var half = await Replay(Truths(rows, 25_000));
        Same(half, rows, 25_000);
        Assert.Equal(0, Value(half[^1], "label_coverage"));
        Assert.Contains(half, w => Value(w, "label_coverage") is > 0 and < 1);
        Assert.Equal(all.Select(w => Value(w, "estimated_auc")), half.Select(w => Value(w, "estimated_auc")));
        // The drift of 2019-03-31: full windows before it are as the reference, after it both estimate and truth lie outside.
        foreach (var window in all.Skip(1).SkipLast(1))
        {
            var end = window.GetProperty("end").GetDateTimeOffset();
            if (end <= new DateTimeOffset(2019, 3, 31, 3, 0, 0, TimeSpan.Zero)) Assert.Equal("ok", Reading(window, "estimated_auc").GetProperty("verdict").GetString());
            else if (window.GetProperty("start").GetDateTimeOffset() >= new DateTimeOffset(2019, 3, 31, 3, 0, 0, TimeSpan.Zero))
                Assert.Equal(("warning", "critical"), (Reading(window, "estimated_auc").GetProperty("verdict").GetString(), Reading(window, "auc").GetProperty("verdict").GetString()));
        }
    }

    /// <summary>The windows against tallies made from the files alone.</summary>
    static void Same(IReadOnlyList<JsonElement> windows, List<(DateTimeOffset Time, string Id, bool Truth, bool Predicted, double Score)> rows, int told)
    {
        Assert.Equal(50_000, windows.Sum(w => w.GetProperty("rows").GetInt64()));
        foreach (var window in windows)
        {
            var (start, end) = (window.GetProperty("start").GetDateTimeOffset(), window.GetProperty("end").GetDateTimeOffset());
            var own = rows.Where(r => r.Time >= start && r.Time < end).ToList();
            var known = rows.Take(told).Where(r => r.Time >= start && r.Time < end).ToList();
            Assert.Equal((double)known.Count / own.Count, Value(window, "label_coverage"), 1e-12);
            if (known.Count == 0) continue;
            foreach (var expected in BinaryTally.Of([.. known.Select(r => r.Truth)], [.. known.Select(r => r.Predicted)], [.. known.Select(r => r.Score)]).Values())
                Assert.Equal(expected.Value, Value(window, expected.Measure), 1e-12);
        }
    }

    async Task<IReadOnlyList<JsonElement>> Replay(string truths)
    {
        var run = await Run.Of("replay", folder["log.jsonl"], truths, "--config", folder["drift.json"], "--format", "json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        return [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("windows").EnumerateArray()];
    }

    static JsonElement Reading(JsonElement window, string measure) => window.GetProperty("readings").EnumerateArray()
        .Single(r => r.GetProperty("measure").GetString() == measure && r.GetProperty("segment").GetString() == "" && r.GetProperty("column").GetString() == "");

    static double Value(JsonElement window, string measure) => Reading(window, measure).GetProperty("value").GetDouble();

    async Task Predictions(string analysis)
    {
        await using var lines = File.CreateText(folder["log.jsonl"]);
        var mapping = new RecordMapping
        {
            Model = "car", Version = "1", Scores = [(null, "y_pred_proba")],
            Columns = new ReadOptions { Roles = new Dictionary<string, ColumnRole> { ["timestamp"] = ColumnRole.Time, ["id"] = ColumnRole.Id, ["y_pred"] = ColumnRole.Prediction, ["y_pred_proba"] = ColumnRole.Score } },
        };
        foreach (var message in LogMessages.OfCsv(analysis, mapping)) await lines.WriteLineAsync(Encoding.UTF8.GetString(message.Value));
    }

    static IEnumerable<string[]> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line.Split(',');
    }

    static List<(DateTimeOffset Time, string Id, bool Truth, bool Predicted, double Score)> Rows(string analysis)
    {
        var truth = Lines(TestData.Path("datasets/car_loan_labels_delayed.csv.gz")).Skip(1).ToDictionary(r => r[0], r => r[1] == "1");
        var head = Lines(analysis).First();
        int At(string name) => Array.IndexOf(head, name);
        var (id, time, score, said) = (At("id"), At("timestamp"), At("y_pred_proba"), At("y_pred"));
        return [.. Lines(analysis).Skip(1).Select(r => (DateTimeOffset.Parse(r[time], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), r[id], truth[r[id]], r[said] == "1", double.Parse(r[score], CultureInfo.InvariantCulture)))];
    }

    string Truths(List<(DateTimeOffset Time, string Id, bool Truth, bool Predicted, double Score)> rows, int count)
    {
        var path = folder[$"truths-{count}.jsonl"];
        File.WriteAllLines(path, rows.Take(count).Select(r => $$"""{"id":"{{r.Id}}","ts":"{{r.Time.AddDays(30).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","truth":{{(r.Truth ? 1 : 0)}}}"""));
        return path;
    }
}
