using System.Globalization;
using System.Text;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>Requests and responses in messages of their own: joined once, whatever comes between them, and never late because they waited.</summary>
public sealed class PairTests
{
    static byte[] Event(string kind, double minutes, string id, string data) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$$"""{"specversion":"1.0","type":"org.kubeflow.serving.inference.{{{kind}}}","source":"s","id":"{{{id}}}","time":"{{{EventTime.Format(Start.AddMinutes(minutes).UtcTicks)}}}","inferenceservicename":"m","data":{{{data}}}}"""));

    static byte[] Request(double minutes, string id, params double[] x) => Event("request", minutes, id, $$"""{"instances":[{{string.Join(",", x.Select(v => $$"""{"x":{{v.ToString(CultureInfo.InvariantCulture)}},"c":"a"}"""))}}]}""");

    static byte[] Response(double minutes, string id, params double[] p) => Event("response", minutes, id, $$"""{"predictions":[{{string.Join(",", p.Select(v => v.ToString(CultureInfo.InvariantCulture)))}}]}""");

    static readonly Profile Answering = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Categorical("c"), ColumnSpec.Numeric("prediction", ColumnRole.Prediction)))
        .Add("x", Enumerable.Range(0, 2000).Select(i => i / 20.0).ToArray()).Add("c", Enumerable.Range(0, 2000).Select(i => "abcd"[i % 4].ToString())).Add("prediction", Enumerable.Range(0, 2000).Select(i => i % 50.0).ToArray()).ToProfile();

    static Drift.Worker.References.WatchedModels Model(double graceMinutes = 2, double? slideMinutes = null) =>
        new([new Drift.Worker.References.WatchedModel("m", Config(graceMinutes: graceMinutes, slideMinutes: slideMinutes), Answering)]);

    static async Task<string> Straight(Drift.Worker.References.WatchedModels models, IEnumerable<byte[]> log, Func<int, bool>? commit = null, Func<int, bool>? crash = null)
    {
        using var store = new MemoryStore();
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models);
        engine.Claim(P(0));
        var messages = log.ToList();
        for (var step = 0; (engine.Find(P(0))!.Position ?? 0) < messages.Count; step++)
        {
            engine.Take(0, messages[(int)(engine.Find(P(0))!.Position ?? 0)]);
            if (commit?.Invoke(step) == true) engine.Commit([P(0)]);
            if (crash?.Invoke(step) != true) continue;
            engine = Engine(store, models, owner: $"w{step}");
            engine.Claim(P(0));
        }
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
        var p = (await store.SourcesAsync(CancellationToken.None)).Single();
        return await Describe(store) + $"unanswered {p.Unanswered} crowded {p.Crowded} waiting {p.Waiting.Length}";
    }

    [Fact]
    public async Task A_pair_is_one_row_with_its_answer_in_the_window_of_the_request()
    {
        // The response is of the next window, and other records come between.
        var log = new[] { Request(9.9, "a", 50), Request(9.95, "b", 60, 61), Response(10.1, "b", 7, 8), Response(10.2, "a", 5), Row(30) };
        var text = await Straight(Model(), log);
        Assert.Contains("00:00 v r0 rows 3 late 0", text, StringComparison.Ordinal);
        Assert.Contains("unanswered 0 crowded 0 waiting 0", text, StringComparison.Ordinal);
        Assert.Contains("prediction: " + string.Join(",", Window([5, 7, 8]).Find("prediction")!.Histogram!.Counts.ToArray()) + " null 0", text, StringComparison.Ordinal);
    }

    static Profile Window(double[] predictions) => ProfileBuilder.ForWindow(Answering).Add("prediction", predictions).ToProfile();

    [Fact]
    public async Task A_response_may_come_first() =>
        Assert.Contains("rows 1 late 0", await Straight(Model(), [Response(1, "a", 5), Request(1, "a", 50)]), StringComparison.Ordinal);

    [Fact]
    public async Task A_request_without_a_response_is_a_row_in_time_for_its_window()
    {
        // Nothing waits beyond the close of its window: the record at 12 minutes closes it, and the row is placed before.
        var text = await Straight(Model(), [Request(9.5, "a", 50), Row(12), Response(12.5, "a", 5)]);
        Assert.Contains("00:00 v r0 rows 1 late 0", text, StringComparison.Ordinal);
        Assert.Contains("skipped no_request=1", text, StringComparison.Ordinal);
        Assert.Contains("unanswered 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_grace_a_pair_within_a_window_is_joined_all_the_same() =>
        Assert.Contains("unanswered 0", await Straight(Model(graceMinutes: 0), [Request(1, "a", 50), Row(1.5), Response(1.6, "a", 5), Row(20)]), StringComparison.Ordinal);

    [Fact]
    public async Task A_response_of_other_length_leaves_the_rows_and_is_counted()
    {
        var text = await Straight(Model(), [Request(1, "a", 50, 51), Response(1, "a", 5, 6, 7)]);
        Assert.Contains("rows 2 late 0", text, StringComparison.Ordinal);
        Assert.Contains("invalid rows_differ=1", text, StringComparison.Ordinal);
    }

    /// <summary>Halves in any order and distance, some alone, some twice, cut by commits and crashes anywhere.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(5.0)]
    public async Task How_the_log_was_cut_makes_no_difference(double? slide)
    {
        var models = Model(slideMinutes: slide);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var log = new List<(double At, byte[] Message)>();
            for (var i = 0; i < 30; i++)
            {
                var at = random.NextDouble() * 40;
                var values = Enumerable.Range(0, random.Next(1, 3)).Select(_ => (double)random.Next(100)).ToArray();
                if (random.Next(8) > 0) log.Add((at + random.NextDouble() * 3, Request(at, $"r{i}", values)));
                if (random.Next(8) > 0) log.Add((at + random.NextDouble() * 3, Response(at + 0.01, $"r{i}", [.. values.Select(v => v / 2)])));
                if (random.Next(6) == 0) log.Add((at, Row(at, version: "")));
            }
            var messages = log.OrderBy(l => l.At).Select(l => l.Message).ToList();
            var straight = await Straight(models, messages);
            var cut = await Straight(models, messages, _ => random.Next(4) == 0, _ => random.Next(6) == 0);
            Assert.Equal(straight, cut);
        }
    }
}

/// <summary>Rows that a service has counted itself.</summary>
public sealed class ProfileMessageTests
{
    static byte[] Counted(double minutes, double length, params double[] x) => ProfileFormat.Write(ProfileBuilder.ForWindow(Reference).Add("x", x).Add("c", x.Select(_ => "b")).ToProfile()
        .With(model: "m", modelVersion: "1", start: Start.AddMinutes(minutes), end: Start.AddMinutes(minutes + length)));

    static async Task<string> Fold(params byte[][] log)
    {
        using var store = new MemoryStore();
        var models = Models();
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models);
        engine.Claim(P(0));
        foreach (var message in log) engine.Take(0, message);
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
        return await Describe(store);
    }

    [Fact]
    public async Task Profiles_merge_as_their_rows_would()
    {
        var rows = await Fold(Row(1, 5, "b"), Row(1.5, 6, "b"), Row(2, 7, "b"), Row(11, 8, "b"));
        var profiles = await Fold(Row(1, 5, "b"), Counted(1.5, 1, 6, 7), Counted(11, 1, 8));
        static IEnumerable<string> Windows(string text) => text.Split('\n').Where(l => !l.StartsWith("t/0", StringComparison.Ordinal));
        Assert.Equal(Windows(rows), Windows(profiles));
        Assert.Contains("records 3 rows 4 late 0", profiles, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_profile_counts_all_of_its_rows_as_late() => Assert.Contains("rows 2 late 3", await Fold(Row(1), Row(30), Counted(2, 1, 1, 2, 3)), StringComparison.Ordinal);

    [Fact]
    public async Task A_profile_of_other_cells_or_of_more_than_a_window_or_with_missing_rows_is_invalid()
    {
        var other = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"))).Add("x", [1.0, 2, 3]).ToProfile().With(model: "m", start: Start, end: Start.AddMinutes(1));
        var lying = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Counted(1, 1, 5)).Replace("\"rows\":1,", "\"rows\":1000,", StringComparison.Ordinal).Replace("\"rows\": 1,", "\"rows\": 1000,", StringComparison.Ordinal));
        Assert.Contains("invalid bad_body=1,other_cells=1,too_wide=1", await Fold(ProfileFormat.Write(other), Counted(1, 11, 5), lying), StringComparison.Ordinal);
    }
}
