namespace Drift.Core.Tests.Performance.Contrast;

/// <summary>
/// Intervals and p-values hold their level when both sides are equally good. Seeded; the plain run simulates less often and so allows more, the campaign
/// (DRIFT_CHAOS=1) simulates 2,000 times and demands 93 to 97 of 100.
/// </summary>
[Trait("Campaign", "statistics")]
public sealed class CalibrationTests
{
    static readonly bool campaign = Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1";

    public static TheoryData<int, double, double, double> Areas => new()
    {
        // Rows per arm, share of positives, distance of the classes (AUC .75, .95), grid of the scores (ties).
        { 100, 0.5, 0.9539, 0 }, { 100, 0.5, 2.3262, 0 }, { 100, 0.2, 2.3262, 0 }, { 100, 0.5, 2.3262, 0.5 }, { 100, 0.2, 0.9539, 0.5 }, { 400, 0.1, 2.3262, 0.5 },
    };

    [Theory, MemberData(nameof(Areas))]
    public void DeLong_on_rows_of_their_own(int rows, double positives, double distance, double grid) => Holds(2000, random =>
    {
        var (a, b) = (Model(random, rows, positives, distance, grid), Model(random, rows, positives, distance, grid));
        return DeLong.Compare(ScoreTally.Of(a.Scores, a.Truth), ScoreTally.Of(b.Scores, b.Truth));
    });

    [Theory, MemberData(nameof(Areas))]
    public void DeLong_on_the_same_rows(int rows, double positives, double distance, double grid) => Holds(2000, random =>
    {
        var (truth, shared) = Model(random, rows, positives, 0, 0);
        // Two models that share half of what they see.
        double[] Scores() => [.. shared.Select((s, i) => Grid((s + Normal(random)) / Math.Sqrt(2) + (truth[i] ? distance : 0), grid))];
        return DeLong.ComparePaired(truth, Scores(), Scores());
    });

    [Theory]
    [InlineData(100, 0.3)]
    [InlineData(100, 0.5)]
    [InlineData(1000, 0.01)]
    [InlineData(2000, 0.01)]
    [InlineData(5000, 0.01)]
    public void Rates_on_rows_of_their_own(int rows, double rate) => Holds(2000, random => Differences.Rates(Hits(random, rows, rate), rows, Hits(random, rows, rate), rows));

    /// <summary>
    /// One hit expected in 100 rows: 0 against 3 alone has a chance of 6 of 100, so no test that keeps 5 of 100 can come near them, and the best ones reject
    /// in 2 of 100 or less. Coverage is computed exactly here, over every pair of counts: never under 95 of 100, and within 93 to 97 from ten expected hits on.
    /// </summary>
    [Theory]
    [InlineData(100, 0.95, 1)]
    [InlineData(300, 0.95, 1)]
    [InlineData(1000, 0.93, 0.97)]
    [InlineData(3000, 0.93, 0.97)]
    public void Rare_hits_err_on_the_safe_side(int rows, double least, double most)
    {
        double covered = 0, quiet = 0;
        var enough = 10 + rows / 25;
        var chance = Enumerable.Range(0, enough).Select(k => SpecialFunctions.BinomialProbability(k, rows - k, 0.01, 0.99)).ToArray();
        for (var k1 = 0; k1 < enough; k1++)
            for (var k2 = 0; k2 < enough; k2++)
            {
                var d = Differences.Rates(k1, rows, k2, rows);
                if (d.Lower <= 0 && d.Upper >= 0) covered += chance[k1] * chance[k2];
                if (d.PValue >= 0.05) quiet += chance[k1] * chance[k2];
            }
        Assert.InRange(covered, least, most);
        Assert.InRange(quiet, least, most);
    }

    [Theory]
    [InlineData(100, 0.3, 0.5)]
    [InlineData(2000, 0.01, 0.5)]
    [InlineData(400, 0.9, 0.3)]
    public void Rates_on_the_same_rows(int rows, double rate, double shared) => Holds(2000, random =>
    {
        long both = 0, first = 0, second = 0;
        for (var i = 0; i < rows; i++)
        {
            var common = random.NextDouble() < shared;
            bool a = random.NextDouble() < rate, b = common ? a : random.NextDouble() < rate;
            if (a && b) both++;
            else if (a) first++;
            else if (b) second++;
        }
        return Differences.PairedRates(both, first, second, rows);
    });

    [Fact]
    public void Means_with_unequal_variances_and_arms() => Holds(2000, random =>
        Differences.Means([.. Enumerable.Range(0, 100).Select(_ => 3 * Normal(random))], [.. Enumerable.Range(0, 400).Select(_ => Normal(random))]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void F1_by_the_bootstrap(bool paired)
    {
        Difference One(Random random)
        {
            var columns = new ModelColumns { Task = PerformanceTask.Binary, Truth = "t", Prediction = "p" };
            var truth = Model(random, 100, 0.4, 0, 0).Truth;
            Outcomes Side()
            {
                var own = paired ? truth : Model(random, 100, 0.4, 0, 0).Truth;
                return Outcomes.Of(new([Flags("t", own), Flags("p", [.. own.Select(t => t ^ (random.NextDouble() < 0.2))])]), columns);
            }
            var f1 = Contrasts.Compare(Side(), Side(), new() { Paired = paired, Seed = random.Next() }).Single(r => r.Measure == "f1");
            return new(f1.ReferenceValue!.Value, f1.Value, f1.Detail!.Lower!.Value, f1.Detail.Upper!.Value, f1.PValue!.Value, "bootstrap");
        }
        Holds(campaign ? 2000 : 150, One);
    }

    static NumericColumn Flags(string name, bool[] flags) => new(ColumnSpec.Numeric(name), Array.ConvertAll(flags, f => f ? 1.0 : 0));

    /// <summary>That 95 of 100 intervals hold 0 and 5 of 100 p-values are under .05, within what the number of simulations leaves open.</summary>
    static void Holds(int simulations, Func<Random, Difference> simulate)
    {
        if (!campaign) simulations = Math.Min(simulations, 500);
        var random = new Random(11);
        int covered = 0, quiet = 0;
        for (var i = 0; i < simulations; i++)
        {
            var d = simulate(random);
            Assert.False(double.IsNaN(d.PValue) || double.IsNaN(d.Lower) || double.IsNaN(d.Upper));
            if (d.Lower <= 0 && d.Upper >= 0) covered++;
            if (d.PValue >= 0.05) quiet++;
        }
        // Three standard errors beside the 93 to 97 that 2,000 simulations must meet.
        var slack = campaign ? 0.0 : 3 * Math.Sqrt(0.05 * 0.95 / simulations);
        Assert.InRange((double)covered / simulations, 0.93 - slack, 0.97 + slack);
        Assert.InRange((double)quiet / simulations, 0.93 - slack, 0.97 + slack);
    }

    static (bool[] Truth, double[] Scores) Model(Random random, int rows, double positives, double distance, double grid)
    {
        // Exactly so many positives: at fewer than ten a contrast says that it cannot judge.
        bool[] truth = [.. Enumerable.Range(0, rows).Select(i => i < rows * positives)];
        return (truth, [.. truth.Select(t => Grid(Normal(random) + (t ? distance : 0), grid))]);
    }

    static double Grid(double value, double grid) => grid == 0 ? value : Math.Round(value / grid) * grid;

    static long Hits(Random random, int rows, double rate)
    {
        long hits = 0;
        for (var i = 0; i < rows; i++) hits += random.NextDouble() < rate ? 1 : 0;
        return hits;
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static TheoryData<string, int> Streams
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var law in (string[])["normal", "rare", "common", "lognormal"])
                foreach (var arms in (int[])[1, 9]) data.Add(law, arms);
            return data;
        }
    }

    [Theory, MemberData(nameof(Streams))]
    public void Sequential_p_values_hold_their_level_at_every_row_from_the_first(string law, int arms)
    {
        var (streams, rows) = campaign ? (2000, 10_000) : (200, 3000);
        var random = new Random(23);
        var fired = 0;
        for (var s = 0; s < streams; s++)
        {
            var test = new SequentialTest(rate: law is "rare" or "common");
            for (var i = 0; i < rows && test.PValue >= 0.05; i++)
            {
                var value = law switch { "normal" => Normal(random), "rare" => random.NextDouble() < 0.01 ? 1 : 0, "common" => random.NextDouble() < 0.3 ? 1 : 0, _ => Math.Exp(2 * Normal(random)) };
                if (i % (arms + 1) == 0) test.AddSecond(value);
                else test.AddFirst(value);
            }
            if (test.PValue < 0.05) fired++;
        }
        Assert.InRange((double)fired / streams, 0, campaign ? 0.05 : 0.05 + 3 * Math.Sqrt(0.05 * 0.95 / streams));
    }

    [Fact]
    public void Sequential_p_values_find_what_is_there_and_say_nothing_before_there_are_rows()
    {
        var random = new Random(2);
        var test = new SequentialTest();
        for (var i = 0; i < 99; i++)
        {
            test.AddFirst(Normal(random));
            test.AddSecond(Normal(random) + 5);
        }
        Assert.Equal(1, test.PValue);
        test.AddFirst(0);
        test.AddSecond(5);
        Assert.InRange(test.PValue, 0, 1e-6);
        var rate = new SequentialTest(rate: true);
        for (var i = 0; i < 500; i++)
        {
            rate.AddFirst(i % 2);
            rate.AddSecond(i < 9 ? 1 : 0);
        }
        // Nine of one outcome are one too few.
        Assert.Equal(1, rate.PValue);
    }
}
