using System.Globalization;
using System.Text;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using FsCheck;
using FsCheck.Fluent;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>Truths that come later: the same performance however the log was cut, in whatever order truths and answers came.</summary>
public sealed class TruthJoinTests
{
    const int Count = 240;

    /// <summary>The truth of the i-th record, and its score: higher for positives, with errors.</summary>
    static bool Truth(int i) => i * 7 % 10 < 4;

    static double Score(int i) => Math.Round((Truth(i) ? 0.5 : 0.2) + i * 13 % 40 / 100.0, 2);

    static readonly Profile reference = Learn();

    static Column[] Columns()
    {
        int[] rows = [.. Enumerable.Range(0, 2000)];
        return [
            new NumericColumn(ColumnSpec.Numeric("x"), Array.ConvertAll(rows, i => i / 20.0)), CategoricalColumn.Of(ColumnSpec.Categorical("c"), [.. rows.Select(i => (string?)"ab"[i % 2].ToString())]),
            new NumericColumn(ColumnSpec.Numeric("p", ColumnRole.Prediction), Array.ConvertAll(rows, i => Score(i) >= 0.5 ? 1.0 : 0)), new NumericColumn(ColumnSpec.Numeric("s", ColumnRole.Score), Array.ConvertAll(rows, Score)),
            new NumericColumn(ColumnSpec.Numeric("y", ColumnRole.Truth), Array.ConvertAll(rows, i => Truth(i) ? 1.0 : 0))];
    }

    static Profile Learn()
    {
        var table = new Table(Columns());
        var columns = new ModelColumns { Task = PerformanceTask.Binary, Truth = "y", Prediction = "p", Scores = [new(null, "s")] };
        return PerformanceFormat.AddTo(ProfileBuilder.ForReference(table.Schema).Add(table).ToProfile(), PerformanceReference.Fit(table, columns, Chunk.ByCount(2000, 10)));
    }

    static WatchedModels Models(Func<ModelConfig, ModelConfig>? change = null)
    {
        var config = Config() with { Task = ModelTask.Binary, Segments = ["c"] };
        return new([new WatchedModel("m", change?.Invoke(config) ?? config, reference)]);
    }

    /// <summary>A record every quarter of a minute: 40 in each window of 10 minutes.</summary>
    static byte[] Record(int i) => Utf8($$$"""{"id":"r-{{{i}}}","ts":"{{{EventTime.Format(Start.AddMinutes(i / 4.0).UtcTicks)}}}","model":"m","version":"1","features":{"x":{{{i % 100}}},"c":"{{{"ab"[i % 2]}}}"},"prediction":{{{(Score(i) >= 0.5 ? 1 : 0)}}},"scores":{"1":{{{Score(i)}}}}}""");

    static byte[] Told(int i) => Utf8($$$"""{"id":"r-{{{i}}}","ts":"{{{EventTime.Format(Start.AddMinutes(i / 4.0 + 30).UtcTicks)}}}","truth":{{{(Truth(i) ? "1" : "0")}}}}""");

    static byte[] Utf8(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));

    static readonly SourcePartition answers = new("t", 0), truths = new("truth", 0);

    static WindowEngine Engine(MemoryStore store, WatchedModels models, FakeTime time)
    {
        var topics = new HashSet<string> { "truth" };
        return new(store, models, new Judge(models, () => Drift.Alerts.Policy.Default, time) { TruthTopics = topics }, new RecordLimits(), "w") { TruthTopics = topics };
    }

    static void Feed(WindowEngine engine, SourcePartition source, byte[] message) => engine.Take(engine.Find(source)!, message, false, engine.Find(source)!.Position ?? 0, Later);

    static async Task<IReadOnlyList<JudgedWindow>> Windows(MemoryStore store) => await store.WindowsAsync(new WindowQuery("m") { Limit = 100 }, TestContext.Current.CancellationToken);

    static Reading Of(JudgedWindow window, string measure, string segment = "") => window.Readings.Single(r => r.Measure == measure && r.Segment == segment && r.Column == "" && r.Detail?.Class is null);

    /// <summary>What must not depend on how it came about.</summary>
    static async Task<string> Describe(MemoryStore store)
    {
        var text = new StringBuilder();
        foreach (var window in await Windows(store))
            foreach (var r in window.Readings.Where(r => r.Kind == ReadingKind.Performance || r.Measure == "label_coverage"))
                text.AppendLine(CultureInfo.InvariantCulture, $"{window.Window.Start:HH:mm} {r.Measure} {r.Column} {r.Segment} {r.Value:R} of {r.Rows} {r.Status} {r.Verdict}");
        return text.ToString();
    }

    static void End(WindowEngine engine)
    {
        foreach (var fold in engine.Owned) fold.End();
        engine.Commit([answers]);
    }

    [Fact]
    public async Task Estimates_are_there_at_once_and_truths_revise_the_window_of_their_answers()
    {
        using var store = new MemoryStore();
        var engine = Engine(store, Models(), new FakeTime(Start));
        engine.Claim(answers);
        engine.Claim(truths);
        for (var i = 0; i < Count; i++) Feed(engine, answers, Record(i));
        engine.Find(answers)!.End();
        engine.Commit([answers]);
        var first = (await Windows(store))[0];
        Assert.Equal((0, 40L), (first.Window.Revision, first.Window.Rows));
        Assert.Equal((0, 40), (Of(first, "label_coverage").Value, Of(first, "label_coverage").Rows));
        Assert.InRange(Of(first, "estimated_auc").Value, 0.5, 1);
        Assert.DoesNotContain(first.Readings, r => r.Measure == "auc");

        // Half of the first window's truths, one of them twice, and one that belongs to nobody.
        for (var i = 0; i < 20; i++) Feed(engine, truths, Told(i));
        Feed(engine, truths, Told(3));
        Feed(engine, truths, Told(999));
        engine.Find(truths)!.End();
        engine.Commit([answers]);
        var revised = (await Windows(store))[0];
        Assert.Equal(1, revised.Window.Revision);
        Assert.Equal(0.5, Of(revised, "label_coverage").Value);
        var expected = BinaryTally.Of([.. Enumerable.Range(0, 20).Select(Truth)], [.. Enumerable.Range(0, 20).Select(i => Score(i) >= 0.5)], [.. Enumerable.Range(0, 20).Select(Score)]);
        foreach (var value in expected.Values()) Assert.Equal(value.Value, Of(revised, value.Measure).Value, 1e-12);
        Assert.Equal(Of(first, "estimated_auc").Value, Of(revised, "estimated_auc").Value);
        Assert.Equal(20, Of(revised, "label_coverage", "c=a").Rows);
        Assert.Contains(revised.Readings, r => r.Measure == "demographic_parity_difference" && r.Column == "c");
        Assert.Equal(0, (await Windows(store))[1].Window.Revision);
        using var transaction = store.Begin();
        Assert.Equal(new TruthTotals(Waiting: 1, Orphans: 0, Duplicates: 1), transaction.Truths.Totals());
    }

    [Fact]
    public async Task A_stream_of_truths_costs_a_window_few_revisions_and_the_last_one_has_them_all()
    {
        using var store = new MemoryStore();
        var time = new FakeTime(Start);
        var engine = Engine(store, Models(), time);
        engine.Claim(answers);
        engine.Claim(truths);
        for (var i = 0; i < Count; i++) Feed(engine, answers, Record(i));
        engine.Find(answers)!.End();
        engine.Commit([answers]);
        for (var i = 0; i < Count; i++)
        {
            Feed(engine, truths, Told(i));
            time.Now += TimeSpan.FromSeconds(1);
            engine.Commit([answers]);
        }
        engine.Find(truths)!.End();
        engine.Commit([answers]);
        foreach (var window in await Windows(store))
        {
            Assert.InRange(window.Window.Revision, 1, 20);
            Assert.Equal(1, Of(window, "label_coverage").Value);
        }
    }

    /// <summary>A backfill whose labels are sent after it: hours of event time beyond the horizon, minutes of the clock.</summary>
    [Fact]
    public async Task Answers_of_a_backfill_wait_for_truths_that_are_sent_after_it_and_are_given_up_by_the_clock()
    {
        using var store = new MemoryStore();
        var time = new FakeTime(Start.AddDays(900));
        var engine = Engine(store, Models(c => c with { TruthHorizon = TimeSpan.FromMinutes(20) }), time);
        engine.Claim(answers);
        engine.Claim(truths);
        int Kept()
        {
            using var transaction = store.Begin();
            return transaction.Truths.Answers(new PaneKey("m", "1", Models().All[0].ReferenceId, 0, TimeSpan.FromMinutes(10).Ticks), 0, long.MaxValue).Count;
        }

        for (var i = 0; i < Count; i++) Feed(engine, answers, Record(i));
        engine.Find(truths)!.Quiet(time.Now);
        engine.Commit([answers]);
        time.Now += TimeSpan.FromMinutes(5);
        engine.Find(truths)!.Quiet(time.Now);
        engine.Commit([answers]);
        Assert.Equal(Count, Kept());
        for (var i = 0; i < Count; i++) Feed(engine, truths, Told(i));
        engine.Commit([answers]);
        engine.Find(truths)!.Quiet(time.Now);
        time.Now += TimeSpan.FromMinutes(1);
        engine.Find(truths)!.Quiet(time.Now);
        engine.Commit([answers]);
        Assert.All((await Windows(store)).SkipLast(1), w => Assert.Equal(1, Of(w, "label_coverage").Value));
        time.Now += TimeSpan.FromMinutes(25);
        engine.Find(truths)!.Quiet(time.Now);
        engine.Commit([answers]);
        // What the horizon of event time still covers stays.
        Assert.InRange(Kept(), 1, Count - 40);
    }

    [Fact]
    public async Task A_sample_is_chosen_by_the_id_alone_and_both_sides_choose_the_same()
    {
        using var store = new MemoryStore();
        var models = Models(c => c with { TruthSample = 0.5 });
        var engine = Engine(store, models, new FakeTime(Start));
        engine.Claim(answers);
        engine.Claim(truths);
        for (var i = 0; i < Count; i++) Feed(engine, answers, Record(i));
        for (var i = 0; i < Count; i++) Feed(engine, truths, Told(i));
        End(engine);
        var chosen = Enumerable.Range(0, Count).Where(i => models.All[0].Samples(Encoding.UTF8.GetBytes($"r-{i}"))).ToList();
        Assert.InRange(chosen.Count, Count * 4 / 10, Count * 6 / 10);
        foreach (var (window, n) in (await Windows(store)).Select((w, n) => (w, n)))
        {
            var own = chosen.Where(i => i / 40 == n).ToList();
            Assert.Equal((1, own.Count), (Of(window, "label_coverage").Value, Of(window, "label_coverage").Rows));
            Assert.Contains(Of(window, "label_coverage").Detail!.Numbers, d => d is { Key: "sample", Value: 0.5 });
            var expected = BinaryTally.Of([.. own.Select(Truth)], [.. own.Select(i => Score(i) >= 0.5)], [.. own.Select(Score)]);
            foreach (var value in expected.Values()) Assert.Equal(value.Value, Of(window, value.Measure).Value, 1e-12);
        }
        using var transaction = store.Begin();
        Assert.Equal(default, transaction.Truths.Totals());
    }

    static byte[] Of(int i, string version, bool right, double revenue, bool shadow) => Utf8(
        $$$"""{"id":"{{{(shadow ? "r" : version)}}}-{{{i}}}","ts":"{{{EventTime.Format(Start.AddSeconds(i).UtcTicks)}}}","model":"m","version":"{{{version}}}","features":{"x":{{{i % 100}}},"c":"{{{"ab"[i % 2]}}}"},"prediction":{{{(Truth(i) == right ? 1 : 0)}}},"scores":{"1":{{{(Truth(i) == right ? 0.8 : 0.3)}}}},"metrics":{"revenue":{{{revenue}}}},"truth":{{{(Truth(i) ? 1 : 0)}}}}""");

    /// <summary>Both versions in one window of ten minutes; the challenger errs five times as often and earns less.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_challengers_window_is_contrasted_with_the_champions(bool shadow)
    {
        var service = new NumericColumn(ColumnSpec.Numeric("metric_revenue", ColumnRole.Service), Enumerable.Range(0, 2000).Select(i => i % 10 * 1.0).ToArray());
        var with = PerformanceFormat.AddTo(ProfileBuilder.ForReference(new Table([.. Columns(), service]).Schema).Add(new Table([.. Columns(), service])).ToProfile(), PerformanceFormat.Read(reference)!);
        var models = new WatchedModels([new WatchedModel("m", Config() with { Task = ModelTask.Binary, Champion = "1", Segments = ["c"] }, with)]);
        using var store = new MemoryStore();
        var policy = Drift.Alerts.PolicyFormat.Read("""{"rules":{"canary":{"measure":"contrast_accuracy","below":0,"p_adjusted_below":0.05,"severity":"critical"},"earnings":{"measure":"contrast_metric_revenue_mean","below":-0.5,"p_adjusted_below":0.05}}}"""u8.ToArray()).Policy!;
        var judged = new List<Judged>();
        var engine = new WindowEngine(store, models, new Judge(models, () => policy, new FakeTime(Start)), new RecordLimits(), "w") { OnJudged = judged.AddRange };
        engine.Claim(answers);
        for (var i = 0; i < 600; i++)
        {
            Feed(engine, answers, Of(i, "1", right: i % 20 != 0, i % 10, shadow));
            Feed(engine, answers, Of(i, "2", right: i % 4 != 0, i % 10 - 1, shadow));
        }
        End(engine);
        Assert.Equal(2, judged.Count);
        Assert.DoesNotContain(judged[0].All.Readings, r => r.Measure.StartsWith("contrast_", StringComparison.Ordinal));
        var readings = judged[1].All.Readings;
        Reading Single(string measure) => readings.Single(r => r.Measure == measure);
        var accuracy = Single("contrast_accuracy");
        Assert.Equal((-0.2, Verdict.Critical, shadow ? "mcnemar" : "two_proportion_z"), (Math.Round(accuracy.Value, 12), accuracy.Verdict, accuracy.Detail!.Recipe));
        Assert.Equal(0.95, accuracy.Detail.Numbers.Single(n => n.Key == "champion").Value, 1e-12);
        Assert.InRange(accuracy.Detail.Upper!.Value, -0.2, -0.1);
        Assert.True(accuracy.PAdjusted < 1e-6 && Single("contrast_f1").PValue < 0.05 && Single("contrast_auc").Value < 0);
        var revenue = Single("contrast_metric_revenue_mean");
        Assert.Equal((-1, Verdict.Warning), (Math.Round(revenue.Value, 9), revenue.Verdict));
        Assert.Equal(["canary", "earnings"], judged[1].Judgement.Breaches.Select(b => b.Rule).Distinct().Order(StringComparer.Ordinal));
        // A metric of a segment is the segment's own.
        var segment = judged[1].Segments.Single(s => s.Segment == "c=a");
        Assert.Equal(3, segment.Readings.Single(r => r.Measure == "metric_revenue_mean" && r.Segment == "c=a").Value, 1e-12);
    }

    /// <summary>Group a hears yes twice as often as group b: the four-fifths rule is a rule of the policy like any other, and a segment's own measure too.</summary>
    [Fact]
    public void Gaps_between_groups_and_measures_of_a_group_are_judged_by_the_policy()
    {
        using var store = new MemoryStore();
        var models = Models();
        var policy = Drift.Alerts.PolicyFormat.Read("""{"rules":{"fairness":{"measure":"disparate_impact_ratio","below":0.8,"severity":"critical"},"group":{"measure":"accuracy","segment":"c=*","below":0.7},"whole":{"measure":"performance","below":0.3}}}"""u8.ToArray()).Policy!;
        var judged = new List<Judged>();
        var engine = new WindowEngine(store, models, new Judge(models, () => policy, new FakeTime(Start)), new RecordLimits(), "w") { OnJudged = judged.AddRange };
        engine.Claim(answers);
        for (var i = 0; i < 400; i++)
        {
            var (isA, yes) = (i % 2 == 0, i % 2 == 0 ? i % 10 < 8 : i % 10 < 4);
            Feed(engine, answers, Utf8($$$"""{"id":"r-{{{i}}}","ts":"{{{EventTime.Format(Start.AddSeconds(i).UtcTicks)}}}","model":"m","version":"1","features":{"x":1,"c":"{{{(isA ? "a" : "b")}}}"},"prediction":{{{(yes ? 1 : 0)}}},"scores":{"1":{{{(yes ? 0.9 : 0.1)}}}},"truth":{{{(isA == yes ? 1 : 0)}}}}"""));
        }
        End(engine);
        var breaches = Assert.Single(judged).Judgement.Breaches;
        var fairness = breaches.Single(b => b.Rule == "fairness");
        Assert.Equal(("disparate_impact_ratio", "c", 0.5), (fairness.Measure, fairness.Column, Math.Round(fairness.Value, 12)));
        Assert.Equal("c=b", breaches.Single(b => b.Rule == "group").Segment);
        // Neither the gaps nor the coverage are how well the model answers.
        Assert.DoesNotContain(breaches, b => b.Rule == "whole" && b.Column.Length > 0);
    }

    [Fact]
    public async Task Truths_in_the_record_itself_need_no_topic()
    {
        using var store = new MemoryStore();
        var engine = Engine(store, Models(), new FakeTime(Start));
        engine.Claim(answers);
        engine.Claim(truths);
        for (var i = 0; i < 40; i++) Feed(engine, answers, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Record(i))[..^1] + $",\"truth\":{(Truth(i) ? 1 : 0)}}}"));
        End(engine);
        Assert.Equal(1, Of((await Windows(store))[0], "label_coverage").Value);
        Assert.False(double.IsNaN(Of((await Windows(store))[0], "auc").Value));
    }

    [Theory]
    [InlineData("{", "not_json")]
    [InlineData("""{"truth":1}""", "no_id")]
    [InlineData("""{"id":"a"}""", "no_truth")]
    [InlineData("""{"id":"a","truth":[1]}""", "bad_truth")]
    [InlineData("""{"id":"a","truth":1,"ts":"yesterday"}""", "bad_ts")]
    [InlineData("""{"id":"a","truth":1} x""", "not_json")]
    [InlineData("""{"id":"\ud800","truth":1}""", "bad_text")]
    [InlineData("[1]", "not_object")]
    public async Task Unreadable_truths_are_counted_by_reason(string message, string reason)
    {
        using var store = new MemoryStore();
        var engine = Engine(store, Models(), new FakeTime(Start));
        engine.Claim(answers);
        engine.Claim(truths);
        Feed(engine, truths, Encoding.UTF8.GetBytes(message));
        engine.Commit([answers]);
        var state = (await store.SourcesAsync(TestContext.Current.CancellationToken)).Single(s => s.Source == truths);
        Assert.Equal((1, 1), (state.Records, state.Invalid[reason]));
    }

    [Fact]
    public void However_the_logs_are_cut_the_performance_is_the_same()
    {
        var straight = Run(new System.Random(0), cut: false);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => (Run(new System.Random(seed), cut: true) == straight).Label($"seed {seed}")).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    /// <summary>Both logs to their end; cut, with random turns between them, commits, crashes that forget what was not committed, and truths that come before their answers.</summary>
    static string Run(System.Random random, bool cut)
    {
        using var store = new MemoryStore();
        var models = Models();
        var engine = Engine(store, models, new FakeTime(Start));
        engine.Claim(answers);
        engine.Claim(truths);
        int Position(SourcePartition source) => (int)(engine.Find(source)!.Position ?? 0);
        while (Position(answers) < Count || Position(truths) < Count)
        {
            var tell = Position(answers) == Count || Position(truths) < Count && random.Next(2) == 0;
            if (tell) Feed(engine, truths, Told(Position(truths)));
            else Feed(engine, answers, Record(Position(answers)));
            if (!cut) continue;
            if (random.Next(40) == 0) engine.Commit([answers]);
            if (random.Next(60) != 0) continue;
            engine.Forget();
            engine = Engine(store, models, new FakeTime(Start));
            engine.Claim(answers);
            engine.Claim(truths);
        }
        End(engine);
        return Describe(store).GetAwaiter().GetResult();
    }
}
