using System.Globalization;
using System.Text;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>A model that ranks: its answer is a list, its truth what was relevant.</summary>
public sealed class RankingTruthTests
{
    static readonly SourcePartition answers = new("t", 0), truths = new("truth", 0);

    static byte[] Record(int i, string list) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"id":"q-{{{i}}}","ts":"{{{EventTime.Format(Start.AddSeconds(i).UtcTicks)}}}","model":"m","features":{"x":1,"c":"a"},"prediction":{{{list}}}}"""));

    static async Task<(JudgedWindow Window, PartitionState Truths)> Judged(int cut, IReadOnlyList<(string List, string? Truth)> queries)
    {
        using var store = new MemoryStore();
        var models = new WatchedModels([new WatchedModel("m", Config() with { Task = ModelTask.Ranking, Cut = cut }, Reference)]);
        var topics = new HashSet<string> { "truth" };
        var engine = new WindowEngine(store, models, new Judge(models, () => Drift.Alerts.Policy.Default, new FakeTime(Start)) { TruthTopics = topics }, new RecordLimits(), "w") { TruthTopics = topics };
        engine.Claim(answers);
        engine.Claim(truths);
        void Feed(SourcePartition source, byte[] message) => engine.Take(engine.Find(source)!, message, false, engine.Find(source)!.Position ?? 0, Later);
        foreach (var ((list, truth), i) in queries.Select((q, i) => (q, i)))
        {
            Feed(answers, Record(i, list));
            if (truth is not null) Feed(truths, Encoding.UTF8.GetBytes($$"""{"id":"q-{{i}}","ts":"{{EventTime.Format(Start.UtcTicks)}}","truth":{{truth}}}"""));
        }
        foreach (var fold in engine.Owned) fold.End();
        engine.Commit([answers]);
        return ((await store.WindowsAsync(new WindowQuery("m"), TestContext.Current.CancellationToken))[0], (await store.SourcesAsync(TestContext.Current.CancellationToken)).Single(s => s.Source == truths));
    }

    static double Value(JudgedWindow window, string measure) => window.Readings.Single(r => r.Measure == measure).Value;

    [Fact]
    public async Task Lists_and_relevances_become_the_measures_of_a_ranking()
    {
        var (window, told) = await Judged(0, [("""["a","b","c"]""", "\"b\""), ("[1,2,3]", "[3,1]"), ("""["x","y"]""", """{"y":3,"x":1}"""), ("""["u","v"]""", null), ("7", "1")]);
        RankingTally[] expected = [RankingTally.OfQuery([0, 1, 0], [0, -1, -2]), RankingTally.OfQuery([1, 0, 1], [0, -1, -2]), RankingTally.OfQuery([1, 3], [0, -1])];
        var tally = expected.Aggregate(RankingTally.Empty, (a, b) => a + b);
        foreach (var value in tally.Values()) Assert.Equal(value.Value, Value(window, value.Measure), 1e-12);
        // Eight of ten items are labelled; a prediction that is no list is none.
        Assert.Equal(0.8, Value(window, "label_coverage"), 1e-12);
        Assert.Empty(told.Invalid);
    }

    [Fact]
    public async Task What_the_list_left_out_stands_behind_it_and_a_cut_is_one()
    {
        Assert.Equal(1 / 3.0, Value((await Judged(0, [("""["a","b"]""", "\"z\"")])).Window, "mrr"), 1e-12);
        Assert.Equal(0, Value((await Judged(2, [("""["a","b"]""", "\"z\"")])).Window, "mrr"));
        Assert.Equal(0.5, Value((await Judged(2, [("""["a","b"]""", "\"b\"")])).Window, "mrr"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[["a"]]""")]
    [InlineData("""{"a":-1}""")]
    [InlineData("""{"a":"yes"}""")]
    public async Task A_truth_that_names_no_items_is_counted_as_bad(string truth) =>
        Assert.Equal(1, (await Judged(0, [("""["a"]""", truth)])).Truths.Invalid["bad_truth"]);
}
