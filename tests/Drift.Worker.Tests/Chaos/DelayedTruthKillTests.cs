using System.Collections.Concurrent;
using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Sources;
using Drift.Worker.Tests.Commands;
using Drift.Worker.Tests.Stores;

namespace Drift.Worker.Tests.Chaos;

/// <summary>
/// car_loan through the worker by the real protocol, its labels 30 days behind, the worker killed again and again: whatever it says over HTTP at any moment
/// is what follows from the rows whose labels had come, and in the end it is as if nothing had happened.
/// </summary>
public sealed class DelayedTruthKillTests : IDisposable
{
    const int Partitions = 4;

    readonly Folder folder = new();
    readonly EmbeddedBroker broker = new();
    readonly CarLoanLog log;
    readonly int port = FreePort.Find();
    readonly HttpClient client;
    readonly Dictionary<DateTimeOffset, List<Loan>> windows;
    readonly ConcurrentDictionary<DateTimeOffset, (int Revision, double Estimate, int Joined)> last = [];
    readonly HashSet<(DateTimeOffset, int)> seen = [];
    int samples, partial, unlabelled;

    public DelayedTruthKillTests()
    {
        broker.CreateTopic("log", Partitions);
        broker.CreateTopic("outcomes", 1);
        log = new CarLoanLog(broker.BootstrapServers, Partitions);
        windows = log.Loans.GroupBy(l => CarLoanLog.WindowOf(l.Time)).ToDictionary(g => g.Key, g => g.ToList());
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    public void Dispose()
    {
        client.Dispose();
        broker.Dispose();
        folder.Dispose();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Sqlite() => Run("""{"Sqlite":"car.db"}""");

    [Fact]
    public Task Postgres() => Run($$"""{"Postgres":{{JsonSerializer.Serialize(PostgresServer.Shared.Create())}}}""");

    async Task Run(string store)
    {
        var reference = TestData.Path("datasets/car_loan_reference.csv.gz");
        Assert.Equal(0, (await Commands.Run.Of("profile", reference, "--out", folder["car.json"], "--truth", "repaid", "--chunk-size", "5000", "--ts", "timestamp", "--id", "id", "--prediction", "y_pred", "--score", "y_pred_proba")).Code);
        folder.File("drift.json", $$$$"""
            {"Drift":{"Source":{"Topics":["log"],"TruthTopics":["outcomes"],"CommitInterval":"00:00:00.2","CommitRecords":1000,
               "Kafka":{"bootstrap.servers":"{{{{broker.BootstrapServers}}}}","session.timeout.ms":4000,"heartbeat.interval.ms":500}},
             "Models":{"car":{"Reference":"car.json","Window":"28.00:00:00","IdleAfter":"00:00:03","Measures":["psi"],"Task":"binary","TruthHorizon":"40.00:00:00"}},
             "Store":{{{{store}}}},"Web":{"Url":"http://127.0.0.1:{{{{port}}}}"}}}
            """);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var sampling = Task.Run(() => SampleAsync(stop.Token), Cancel);
        string?[] ways = [null, "before_commit=kill@8", "after_commit=kill@8"];
        foreach (var (way, phase) in ways.Select((way, i) => (way, i)))
        {
            // The last time a day after a window's end: the labels of this window are all to come, and of the one before one day's.
            var until = log.Loans[0].Time.AddDays(85 * (phase + 1));
            log.ProduceUntil(phase < ways.Length - 1 ? until : CarLoanLog.WindowOf(until).AddDays(1));
            await Kill(way);
        }
        using var worker = Start(null);
        // The log rests where it is: now every label that was told must be in.
        await Eventually.BeAsync("the coverage is what was told so far", async () => await Rested(), () => $"{worker.Error}\n{Violations()}\n{standing}");
        await Eventually.BeAsync("enough was looked at", () => samples > 30 && partial > 5 && unlabelled > 0, () => $"{samples} samples, of windows {partial} with a part of their labels and {unlabelled} with none");
        log.ProduceUntil(DateTimeOffset.MaxValue);
        log.TellInVain("nobody", log.Loans[^1].Id, log.Loans[^1].Id);
        await Eventually.BeAsync("every label is in", async () => log.Told == log.Loans.Count && await Rested(), () => $"{worker.Error}\n{Violations()}\n{standing}");
        await Finish(worker);
        await stop.CancelAsync();
        await sampling;
        Assert.Empty(violations);
        TestContext.Current.TestOutputHelper?.WriteLine($"{samples} samples, {seen.Count} revisions seen; {partial} looks at a partly labelled window, {unlabelled} at one without labels");
    }

    DriftProcess Start(string? failpoint) => DriftProcess.Start(["run", "--config", folder["drift.json"]], failpoint is null ? [] : [("DRIFT_FAILPOINT", failpoint)]);

    async Task Kill(string? failpoint)
    {
        using var worker = Start(failpoint);
        if (failpoint is null)
        {
            await Eventually.BeAsync("labels are joined", async () => (await Sources()).Told > 500, () => worker.Error);
            worker.Kill();
        }
        await worker.ExitAsync();
        if (failpoint is not null) Assert.Contains($"failpoint {failpoint.Split('=')[0]}", worker.Output, StringComparison.Ordinal);
    }

    readonly ConcurrentQueue<string> violations = [];

    string Violations() => string.Join('\n', violations.Take(10));

    async Task<JsonElement?> Get(string path)
    {
        try
        {
            return JsonDocument.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel)).RootElement;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || e is OperationCanceledException && !Cancel.IsCancellationRequested)
        {
            return null; // killed
        }
    }

    async Task<(long Predicted, long Told)> Sources()
    {
        if (await Get("/api/v1/sources") is not { ValueKind: JsonValueKind.Array } sources) return default;
        long Of(string topic) => sources.EnumerateArray().Where(s => s.GetProperty("topic").GetString() == topic).Sum(s => s.GetProperty("records").GetInt64());
        return (Of("log"), Of("outcomes"));
    }

    static JsonElement? Reading(JsonElement window, string measure) => window.GetProperty("readings").EnumerateArray()
        .Where(r => r.GetProperty("measure").GetString() == measure && r.GetProperty("segment").GetString() == "" && r.GetProperty("column").GetString() == "").Select(r => (JsonElement?)r).SingleOrDefault();

    async Task SampleAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (_, told) = await Sources();
            if (await Get("/api/v1/models/car/windows?limit=1000") is { ValueKind: JsonValueKind.Array } listed)
            {
                samples++;
                foreach (var window in listed.EnumerateArray()) Look(window, (int)told, log.Told);
            }
            await Task.Delay(250, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look at a window. Labels come in the order of the log, so the number of those that had come says which they were.</summary>
    /// <param name="window">As served.</param>
    /// <param name="read">Labels that were committed before it was served.</param>
    /// <param name="told">Labels that were sent by the time it had been served.</param>
    void Look(JsonElement window, int read, int told)
    {
        var start = window.GetProperty("start").GetDateTimeOffset();
        void Must(bool isSo, string what)
        {
            if (!isSo) violations.Enqueue($"{start:yyyy-MM-dd} r{window.GetProperty("revision").GetInt32()}: {what}");
        }

        var (rows, revision) = (window.GetProperty("rows").GetInt32(), window.GetProperty("revision").GetInt32());
        var all = windows[start];
        if (rows != all.Count) return; // closed by the silence before a kill; its other rows are still to come
        var (coverage, estimate) = (Reading(window, "label_coverage"), Reading(window, "estimated_auc"));
        Must(coverage is not null && estimate?.GetProperty("value").ValueKind == JsonValueKind.Number, "no coverage or no estimate");
        if (coverage is not { } known || estimate is not { } guess) return;
        Must(known.GetProperty("rows").GetInt32() == rows, "coverage of other rows");
        var joined = (int)Math.Round(known.GetProperty("value").GetDouble() * rows);
        Must(Math.Abs(known.GetProperty("value").GetDouble() - (double)joined / rows) < 1e-12, "a coverage that is no whole number of rows");
        var first = log.Loans.IndexOf(all[0]);
        var (mostTold, leastRead) = (Math.Clamp(told - first, 0, rows), Math.Clamp(read - first, 0, rows));
        Must(joined <= mostTold, $"{joined} labels, but only {mostTold} had been told");
        Must(leastRead <= joined * 1.25 + 1, $"{joined} labels, although {leastRead} had been read");
        if (joined == 0) Must(Reading(window, "auc") is null, "an AUC without labels");
        else Must(SameAuc(window, all[..joined]), $"AUC of {joined} labels");
        if (joined == 0) unlabelled++;
        else if (joined < rows) partial++;
        var value = guess.GetProperty("value").GetDouble();
        if (last.TryGetValue(start, out var before)) Must(revision >= before.Revision && joined >= before.Joined && value == before.Estimate, $"went back from {before} to {(revision, value, joined)}");
        last[start] = (revision, value, joined);
        seen.Add((start, revision));
    }

    static bool SameAuc(JsonElement window, List<Loan> joined)
    {
        var expected = BinaryTally.Of([.. joined.Select(l => l.Truth)], [.. joined.Select(l => l.Predicted)], [.. joined.Select(l => l.Score)]).Values().Single(v => v.Measure == "auc").Value;
        return Reading(window, "auc") is { } auc && (auc.GetProperty("value").ValueKind == JsonValueKind.Number ? Math.Abs(auc.GetProperty("value").GetDouble() - expected) <= 1e-12 : double.IsNaN(expected));
    }

    /// <summary>Whether everything that was sent has been read, and every closed window's coverage is exactly what was told.</summary>
    async Task<bool> Rested()
    {
        var (predicted, told) = await Sources();
        standing = $"read {predicted} of {log.Sent} predictions, {told} of {log.Told} labels";
        if (predicted < log.Sent || told < log.Told || await Get("/api/v1/models/car/windows?limit=1000") is not { ValueKind: JsonValueKind.Array } listed) return false;
        var complete = listed.EnumerateArray().Where(w => w.GetProperty("rows").GetInt32() == windows[w.GetProperty("start").GetDateTimeOffset()].Count).ToList();
        var due = windows.Count(w => w.Key + CarLoanLog.Window < log.Loans[log.Sent - 1].Time) + (log.Sent == log.Loans.Count ? 1 : 0);
        standing = $"{complete.Count} of {due} windows are whole";
        var behind = complete.FindAll(w => Math.Abs(Reading(w, "label_coverage")!.Value.GetProperty("value").GetDouble() - ToldOf(windows[w.GetProperty("start").GetDateTimeOffset()])) > 1e-12);
        if (behind.Count > 0) standing = string.Join('\n', behind.Select(w => $"{w.GetProperty("start")} r{w.GetProperty("revision")}: {Reading(w, "label_coverage")!.Value.GetProperty("value")} instead of {ToldOf(windows[w.GetProperty("start").GetDateTimeOffset()])}"));
        return complete.Count >= due && behind.Count == 0;
    }

    string standing = "";

    double ToldOf(List<Loan> window) => (double)Math.Clamp(log.Told - log.Loans.IndexOf(window[0]), 0, window.Count) / window.Count;

    async Task Finish(DriftProcess worker)
    {
        var final = (await Get("/api/v1/models/car/windows?limit=1000"))!.Value.EnumerateArray().ToList();
        Assert.Equal(windows.Keys.Order(), final.Select(w => w.GetProperty("start").GetDateTimeOffset()));
        Assert.All(final, w => Assert.True(SameAuc(w, windows[w.GetProperty("start").GetDateTimeOffset()])));
        Assert.Equal("""{"waiting":1,"orphans":0,"duplicates":2}""", (await Get("/api/v1/truths"))!.Value.GetRawText());
        // Files know neither kills nor brokers: the same readings, digit by digit but for the order in which they were summed.
        log.Write(folder["log.jsonl"], folder["labels.jsonl"]);
        var replayed = await Commands.Run.Of("replay", folder["log.jsonl"], folder["labels.jsonl"], "--config", folder["drift.json"], "--format", "json");
        Assert.Equal((0, ""), (replayed.Code, replayed.Error));
        var straight = JsonDocument.Parse(replayed.Out).RootElement.GetProperty("windows").EnumerateArray().Select(Performance).ToList();
        Assert.All(straight.Zip(final.Select(Performance)), pair =>
        {
            Assert.Equal(pair.First.Select(r => r.Measure), pair.Second.Select(r => r.Measure));
            Assert.All(pair.First.Zip(pair.Second), both => Assert.Equal(both.First.Value, both.Second.Value, 1e-12));
        });
        await DriftProcess.StopAsync(worker);
    }

    static List<(string Measure, double Value)> Performance(JsonElement window) => [.. window.GetProperty("readings").EnumerateArray()
        .Where(r => r.GetProperty("column").GetString() == "" && r.GetProperty("value").ValueKind == JsonValueKind.Number)
        .Select(r => (r.GetProperty("measure").GetString()!, r.GetProperty("value").GetDouble())).Where(r => r.Item1 is not ("rows" or "late_rate" or "invalid_rate"))];
}
