using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Sources.Files;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Hosting;

/// <summary>The built-in policy over real data with known drift: it pages where the drift is documented, and not once before. What is quiet stays quiet.</summary>
public sealed class DefaultPolicyTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>That an alert began to fire.</summary>
    sealed record Fired(string Name, string Column, DateTimeOffset Window);

    [Fact]
    public async Task Car_loan_pages_where_the_drift_begins_and_not_once_before()
    {
        var analysis = TestData.Path("datasets/car_loan_analysis.csv.gz");
        var mapping = Mapping("y_pred", [(null, "y_pred_proba")]);
        await Profile("car_loan_reference.csv.gz", "--id", "id", "--prediction", "y_pred", "--score", "y_pred_proba", "--truth", "repaid", "--chunk-size", "5000");
        Messages(analysis, mapping);
        var fired = await Replay(Truths("car_loan_labels_delayed.csv.gz", "id", "repaid", Times(analysis), TimeSpan.FromDays(30)), "28.00:00:00", "1970-01-01T00:00:00Z", "binary");
        var drift = new DateTimeOffset(2019, 3, 31, 3, 0, 0, TimeSpan.Zero);
        Begins(fired, drift, TimeSpan.FromDays(28));
        Assert.Equal(["car_value", "loan_length", "repaid_loan_on_prev_car", "salary_range", "y_pred_proba"], Columns(fired, "drift"));
        Assert.Contains(fired, f => f.Name == "performance");
        Assert.Contains(fired, f => f.Name == "estimated");
    }

    [Fact]
    public async Task Credit_card_pages_where_the_drift_begins_and_not_once_before()
    {
        var analysis = TestData.Path("datasets/credit_card_analysis.csv.gz");
        string[] classes = ["prepaid_card", "highstreet_card", "upmarket_card"];
        await Profile("credit_card_reference.csv.gz", "--id", "id", "--prediction", "y_pred", "--truth", "y_true", "--task", "multiclass",
            "--score", string.Join(',', classes.Select(c => $"{c}=y_pred_proba_{c}")));
        Messages(analysis, Mapping("y_pred", [.. classes.Select(c => ((string?)c, "y_pred_proba_" + c))]));
        foreach (var (window, days) in new[] { ("1.00:00:00", 1), ("7.00:00:00", 7), ("14.00:00:00", 14) })
        {
            var fired = await Replay(Truths("credit_card_labels.csv.gz", "id", "y_true", Times(analysis), TimeSpan.FromMinutes(1)), window, "2020-09-01T00:00:00Z", "multiclass");
            Begins(fired, new DateTimeOffset(2020, 11, 1, 22, 4, 59, TimeSpan.Zero), TimeSpan.FromDays(days));
            Assert.Contains(fired, f => f is { Name: "drift", Column: "credit_bureau_score" });
            Assert.Contains(fired, f => f.Name == "performance");
        }
    }

    [Fact]
    public async Task Elec2_fires_within_two_windows_after_constants_begin_to_vary()
    {
        var start = new DateTimeOffset(1996, 5, 7, 0, 0, 0, TimeSpan.Zero);
        var (head, rows) = Table("elec2.csv.gz");
        string[] features = ["nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"];
        string Time(int row) => start.AddMinutes(30 * row).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        // A quarter of the file, on which the model was trained; the three columns are constant in it.
        File.WriteAllLines(folder["ref.csv"], [$"ts,{string.Join(',', features)}", .. rows.Take(11_328).Select((r, i) => $"{Time(i)},{string.Join(',', features.Select(f => r[head[f]]))}")]);
        Assert.Equal(0, (await Run.Of("profile", folder["ref.csv"], "--ts", "ts", "--out", folder["r.json"])).Code);
        File.WriteAllLines(folder["log.jsonl"], rows.Select((r, i) => Message(Time(i), features, r, head)));
        var fired = await Replay(null, "7.00:00:00", Time(0), null);
        var change = start.AddMinutes(30 * 17_424);
        foreach (var column in (string[])["vicprice", "vicdemand", "transfer"])
        {
            var first = fired.Where(f => f.Column == column).Min(f => f.Window);
            Assert.InRange(first, change.AddDays(-7), change.AddDays(7));
            Assert.True(first.AddDays(7) > change, $"{column} fired before the change");
        }
    }

    [Fact]
    public async Task Bike_sharing_leaves_hour_and_weekday_quiet_in_every_month()
    {
        var (head, rows) = Table("bike_sharing_hour.csv.gz");
        string[] columns = ["season", "mnth", "hr", "holiday", "weekday", "workingday", "weathersit", "temp", "atemp", "hum", "windspeed"];
        string Time(string[] row) => row[head["timestamp"]].Replace(' ', 'T') + "Z";
        File.WriteAllLines(folder["ref.csv"], [$"ts,{string.Join(',', columns)}", .. rows.Where(r => string.CompareOrdinal(Time(r), "2011-01-29") < 0).Select(r => $"{Time(r)},{string.Join(',', columns.Select(c => r[head[c]]))}")]);
        Assert.Equal(0, (await Run.Of("profile", folder["ref.csv"], "--ts", "ts", "--out", folder["r.json"])).Code);
        File.WriteAllLines(folder["log.jsonl"], rows.Select(r => Message(Time(r), columns, r, head)));
        foreach (var window in (string[])["28.00:00:00", "30.00:00:00", "31.00:00:00"])
        {
            var fired = await Replay(null, window, "2011-01-01T00:00:00Z", null);
            Assert.DoesNotContain(fired, f => f.Column is "hr" or "weekday");
            Assert.Contains(fired, f => f.Column is "temp" or "mnth");
        }
    }

    static string Message(string time, string[] columns, string[] row, Dictionary<string, int> head) =>
        $$"""{"ts":"{{time}}","model":"m","version":"1","features":{ {{string.Join(',', columns.Select(c => $"\"{c}\":{row[head[c]]}"))}} } }""";

    /// <summary>The first alert fires in the window of the drift's beginning or in the one after it.</summary>
    static void Begins(IReadOnlyList<Fired> fired, DateTimeOffset drift, TimeSpan window)
    {
        Assert.NotEmpty(fired);
        Assert.All(fired, f => Assert.True(f.Window + window > drift, $"{f.Name} {f.Column} fired in the window of {f.Window:O}, before the drift"));
        Assert.InRange(fired.Min(f => f.Window), drift - window, drift + window);
    }

    static IEnumerable<string> Columns(IReadOnlyList<Fired> fired, string name) => fired.Where(f => f.Name == name).Select(f => f.Column).Distinct().Order(StringComparer.Ordinal);

    static RecordMapping Mapping(string prediction, (string?, string)[] scores) => new()
    {
        Model = "m", Version = "1", Scores = scores,
        Columns = new ReadOptions
        {
            Roles = new Dictionary<string, ColumnRole>(scores.Select(s => KeyValuePair.Create(s.Item2, ColumnRole.Score)))
            {
                ["timestamp"] = ColumnRole.Time, ["id"] = ColumnRole.Id, [prediction] = ColumnRole.Prediction,
            },
        },
    };

    async Task Profile(string reference, params string[] flags)
    {
        var run = await Run.Of(["profile", TestData.Path("datasets/" + reference), "--out", folder["r.json"], "--ts", "timestamp", .. flags]);
        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    /// <summary>The data as messages in the order of their times.</summary>
    void Messages(string analysis, RecordMapping mapping)
    {
        using var lines = File.CreateText(folder["log.jsonl"]);
        foreach (var message in LogMessages.OfCsv(analysis, mapping).Select(m => Encoding.UTF8.GetString(m.Value)).Order(StringComparer.Ordinal)) lines.WriteLine(message);
    }

    string Truths(string labels, string id, string truth, IReadOnlyDictionary<string, DateTimeOffset> times, TimeSpan later)
    {
        var (head, rows) = Table(labels);
        File.WriteAllLines(folder["truth.jsonl"], rows.OrderBy(r => times[r[head[id]]]).Select(r =>
            $$"""{"id":"{{r[head[id]]}}","ts":"{{(times[r[head[id]]] + later).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","truth":"{{r[head[truth]]}}"}"""));
        return folder["truth.jsonl"];
    }

    static Dictionary<string, DateTimeOffset> Times(string analysis)
    {
        var (head, rows) = Table(Path.GetFileName(analysis));
        return rows.ToDictionary(r => r[head["id"]], r => DateTimeOffset.Parse(r[head["timestamp"]], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    static (Dictionary<string, int> Head, List<string[]> Rows) Table(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(TestData.Path("datasets/" + file)), CompressionMode.Decompress));
        var head = reader.ReadLine()!.Split(',').Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line) rows.Add(line.Split(','));
        return (head, rows);
    }

    async Task<IReadOnlyList<Fired>> Replay(string? truths, string window, string origin, string? task)
    {
        var with = task is null ? "" : $$""","Task":"{{task}}","TruthHorizon":"40.00:00:00" """;
        folder.File("drift.json", $$"""{"Drift":{"Source":{"TruthTopics":["outcomes"]},"Models":{"m":{"Reference":"r.json","Window":"{{window}}","Origin":"{{origin}}"{{with}} } } } }""");
        var run = await Run.Of(["replay", folder["log.jsonl"], .. truths is null ? (string[])[] : [truths], "--config", folder["drift.json"], "--format", "json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Out);
        return [.. document.RootElement.GetProperty("alerts").EnumerateArray().SelectMany(alert => alert.GetProperty("history").EnumerateArray()
            .Where(step => step.GetProperty("to").GetString() == "firing")
            .Select(step => new Fired(alert.GetProperty("alertname").GetString()!, alert.GetProperty("column").GetString()!, step.GetProperty("window_start").GetDateTimeOffset())))];
    }
}
