using System.Globalization;
using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.References;
using Drift.Worker.Sources;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Commands;
using Drift.Worker.Tests.Hosting;
using Drift.Worker.Tests.Windows;

namespace Drift.Worker.Tests.Sources.Formats;

/// <summary>
/// Every file of the shared payloads, through <c>drift replay</c> and through Kafka, to the rows, ids, times, features and predictions that it holds. The
/// references have a cell for every value that is expected, so that equal counts mean equal values.
/// </summary>
public sealed class PayloadTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files => [.. Payloads.Expected.Keys];

    [Fact]
    public void Every_payload_is_expected()
    {
        var root = Path.GetDirectoryName(Path.GetDirectoryName(TestData.Path("payloads/oip_v2/iris_rest_requests.json")))!;
        var found = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".jsonl")
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'));
        Assert.Equal(Payloads.Expected.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_replay_holds_the_rows_of_the_file(string file)
    {
        var path = TestData.Path($"payloads/{file}");
        var expected = Payloads.Expected[file]();
        var config = Configure(folder, expected, "unused:1");
        var run = await Run.Of("replay", path, "--config", folder["drift.json"], "--format", "json", "--write");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var json = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal((expected.Messages, expected.Rows.Count, 0), (json.GetProperty("records").GetInt32(), json.GetProperty("rows").GetInt32(), json.GetProperty("late").GetInt32()));
        Assert.Equal(expected.Skipped.Values.Sum(), json.GetProperty("skipped").GetInt64());
        using var worker = new DriftWorker(config);
        await Check(worker, expected, File.GetLastWriteTimeUtc(path));
    }

    /// <summary>Most of the time of each is waiting: for the group, and for the clock that closes the last window. So they run beside each other.</summary>
    [Fact]
    public async Task A_topic_holds_the_rows_of_each_file() => await Task.WhenAll(Payloads.Expected.Keys.Select(file => Task.Run(() => Stream(file), Cancel)));

    async Task Stream(string file)
    {
        var path = TestData.Path($"payloads/{file}");
        var expected = Payloads.Expected[file]();
        using var own = new Folder();
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("log", 2);
        var sent = await Run.Of("send", path, "--topic", "log", "--bootstrap", broker.BootstrapServers);
        Assert.Equal((file, 0, ""), (file, sent.Code, sent.Error));
        using var worker = new DriftWorker(Configure(own, expected, broker.BootstrapServers), new WorkerOptions { Console = TextWriter.Null });
        await using var running = new RunningWorker(worker);
        await running.UntilAsync($"all rows of {file} are judged", async () =>
        {
            var windows = await Task.WhenAll(worker.Models.All.Select(m => worker.Store.WindowsAsync(new WindowQuery(m.Name), Cancel)));
            return windows.SelectMany(w => w).Sum(w => w.Window.Rows) >= expected.Rows.Count;
        });
        await running.StopAsync();
        await Check(worker, expected, null);
    }

    static DriftConfig Configure(Folder folder, Payload expected, string bootstrap)
    {
        var models = expected.Rows.GroupBy(r => r.Model, StringComparer.Ordinal).ToList();
        var config = new Dictionary<string, object>();
        foreach (var (model, i) in models.Select((m, i) => (m, i)))
        {
            folder.File($"{i}.json", Reference([.. model]));
            var answers = model.Any(r => r.Prediction is not null);
            config[model.Key] = answers
                ? new { Reference = $"{i}.json", Window = "00:00:01", Grace = "00:00:02", Origin = "1970-01-01T00:00:00Z", IdleAfter = "00:00:01", Task = "regression" }
                : new { Reference = $"{i}.json", Window = "00:00:01", Grace = "00:00:02", IdleAfter = "00:00:01" };
        }
        var only = models.Count > 1 ? "tensor" : null;
        var json = JsonSerializer.Serialize(new
        {
            Drift = new
            {
                Source = new { Topics = new[] { "log" }, Model = only, Kafka = new Dictionary<string, string> { ["bootstrap.servers"] = bootstrap } },
                Models = config, Store = new { Sqlite = "log.db" }, Web = new { Url = "http://127.0.0.1:0" },
            },
        });
        return ConfigReader.ReadFile(folder.File("drift.json", json));
    }

    /// <summary>A reference with one cell per value.</summary>
    static string Reference(IReadOnlyList<PayloadRow> rows)
    {
        var columns = new List<object>();
        foreach (var name in rows.SelectMany(r => r.Features.Select(f => f.Column)).Distinct(StringComparer.Ordinal))
        {
            var values = rows.SelectMany(r => r.Features.Where(f => f.Column == name).Select(f => f.Value)).ToList();
            columns.Add(values.TrueForAll(v => v is double) ? Numeric(name, "feature", values.Cast<double>())
                : new { name, kind = "categorical", role = "feature", categories = values.Distinct(), counts = values.Distinct().Select(_ => 1) });
        }
        if (rows.Any(r => r.Prediction is not null)) columns.Add(Numeric("prediction", "prediction", rows.Where(r => r.Prediction is not null).Select(r => r.Prediction!.Value)));
        foreach (var score in rows.SelectMany(r => r.Scores).GroupBy(s => s.Column, StringComparer.Ordinal)) columns.Add(Numeric(score.Key, "score", score.Select(s => s.Value)));
        return JsonSerializer.Serialize(new { format = "drift-profile", version = 1, rows = 200, columns });
    }

    static object Numeric(string name, string role, IEnumerable<double> values)
    {
        var distinct = values.Distinct().Order().ToList();
        return new { name, kind = "numeric", role, edges = (double[])[distinct[0] - 1, .. distinct.Zip(distinct.Skip(1), (a, b) => (a + b) / 2), distinct[^1] + 1], counts = distinct.Select(_ => 1) };
    }

    static async Task Check(DriftWorker worker, Payload expected, DateTime? fileTime)
    {
        var source = await worker.Store.SourcesAsync(Cancel);
        Assert.Equal(Text(expected.Invalid), Text(Sum(source.Select(s => s.Invalid))));
        Assert.Equal(Text(expected.Skipped), Text(Sum(source.Select(s => s.Skipped))));
        Assert.Equal((expected.Messages, expected.Rows.Count, expected.Unanswered), (source.Sum(s => s.Records), source.Sum(s => s.Rows), source.Sum(s => s.Unanswered)));
        foreach (var model in worker.Models.All)
        {
            var rows = expected.Rows.Where(r => r.Model == model.Name).ToList();
            var windows = await worker.Store.WindowsAsync(new WindowQuery(model.Name) { Limit = 1000 }, Cancel);
            Assert.All(windows.Where(w => w.Window.Rows > 0), w => Assert.Equal(rows[0].Version, w.Window.Version));
            var times = rows.Select(r => r.Time ?? fileTime).ToList();
            if (!times.Contains(null))
                Assert.Equal(times.GroupBy(t => t!.Value.UtcTicks / TimeSpan.TicksPerSecond).OrderBy(g => g.Key).Select(g => $"{DateTimeOffset.UnixEpoch.AddTicks(g.Key * TimeSpan.TicksPerSecond - DateTimeOffset.UnixEpoch.Ticks):O} {g.Count()}"),
                    windows.Where(w => w.Window.Rows > 0).Select(w => $"{w.Window.Start:O} {w.Window.Rows}"));
            var profiles = await Task.WhenAll(windows.Select(w => worker.Store.ProfileAsync(w, Cancel)));
            Assert.Equal(Window(model, rows).Columns.Select(Logs.Counts), profiles.Aggregate((a, b) => a! + b!)!.Columns.Select(Logs.Counts));
            if (model.Answers is null) continue;
            using var transaction = worker.Store.Begin();
            var answers = transaction.Truths.Answers(new PaneKey(model.Name, rows[0].Version, model.ReferenceId, 0, model.Clock.Pane), 0, long.MaxValue);
            Assert.Equal(
                rows.Select(r => $"{(r.Id.Length > 0 ? r.Id : "-")} {r.Prediction?.ToString("R", CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal),
                answers.Select(a => $"{(a.Id[0] > ' ' ? a.Id : "-")} {a.Predicted}").Order(StringComparer.Ordinal));
        }
    }

    static Profile Window(WatchedModel model, IReadOnlyList<PayloadRow> rows)
    {
        var builder = ProfileBuilder.ForWindow(model.Reference);
        foreach (var row in rows)
        {
            builder.AddRows(1);
            for (var i = 0; i < model.Reference.Columns.Count; i++)
            {
                var spec = model.Reference.Columns[i].Spec;
                object? value = spec.Role switch
                {
                    ColumnRole.Prediction => row.Prediction,
                    ColumnRole.Score => row.Scores.Where(s => s.Column == spec.Name).Select(s => (double?)s.Value).SingleOrDefault(),
                    _ => row.Features.SingleOrDefault(f => f.Column == spec.Name).Value,
                };
                if (value is double number) builder.AddNumbers(i, [number]);
                else if (value is string text) builder.AddUtf8(i, System.Text.Encoding.UTF8.GetBytes(text));
                else builder.AddNull(i);
            }
        }
        return builder.ToProfile();
    }

    static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        counts.SelectMany(c => c).GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Value), StringComparer.Ordinal);

    static string Text(IReadOnlyDictionary<string, long> counts) => string.Join(",", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
}
