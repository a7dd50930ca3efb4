namespace Drift;

/// <summary>Differences of any measure by the bootstrap: rows drawn again with replacement, in each arm or, when paired, the same rows in both.</summary>
/// <remarks>
/// Interval: the percentiles of the drawn differences. p = 2 (k + 1) / (N + 1), at most 1, with k the draws on the rarer side of zero, so it is never
/// exactly 0. The draws are seeded: the same rows give the same answer on every machine. Source: Efron and Tibshirani 1993.
/// </remarks>
static class Bootstrap
{
    public const int Draws = 1000;

    /// <summary>The differences of all measures of two sides' tallies, by name. Measures that are not defined on every draw have no interval.</summary>
    /// <param name="first">Makes the tally of the first side's rows, each counted as often as it was drawn.</param>
    /// <param name="second">The same for the second side.</param>
    /// <param name="rows">The rows of both sides.</param>
    /// <param name="paired">Whether row i is the same event on both sides.</param>
    /// <param name="measures">The measures to compare.</param>
    /// <param name="level">The level of the intervals.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static Dictionary<string, Difference> Compare(Func<int[], IPerformanceTally> first, Func<int[], IPerformanceTally> second, (int First, int Second) rows, bool paired,
        IReadOnlyCollection<string> measures, double level, long seed)
    {
        var random = new SeededRandom(seed);
        var gaps = measures.ToDictionary(m => m, _ => new List<double>(Draws));
        for (var draw = 0; draw < Draws; draw++)
        {
            var x = Draw(rows.First, ref random);
            var y = paired ? x : Draw(rows.Second, ref random);
            var (a, b) = (Values(first(x)), Values(second(y)));
            foreach (var (measure, own) in gaps)
                if (b.GetValueOrDefault(measure, double.NaN) - a.GetValueOrDefault(measure, double.NaN) is var gap && double.IsFinite(gap)) own.Add(gap);
        }
        var (wholeFirst, wholeSecond) = (Values(first(Ones(rows.First))), Values(second(Ones(rows.Second))));
        return measures.ToDictionary(m => m, m => Of(wholeFirst.GetValueOrDefault(m, double.NaN), wholeSecond.GetValueOrDefault(m, double.NaN), gaps[m], level));
    }

    static Difference Of(double first, double second, List<double> gaps, double level)
    {
        if (double.IsNaN(second - first) || gaps.Count < Draws) return Difference.Undefined(first, second, "bootstrap");
        double[] sorted = [.. gaps.Order()];
        var rarer = Math.Min(gaps.Count(gap => gap <= 0), gaps.Count(gap => gap >= 0));
        return new(first, second, Quantiles.At(sorted, (1 - level) / 2), Quantiles.At(sorted, (1 + level) / 2), Math.Min(1, 2.0 * (rarer + 1) / (Draws + 1)), "bootstrap");
    }

    static Dictionary<string, double> Values(IPerformanceTally tally) => tally.Values().Where(v => v.Class is null).ToDictionary(v => v.Measure, v => v.Value);

    static int[] Draw(int rows, ref SeededRandom random)
    {
        var weights = new int[rows];
        for (var i = 0; i < rows; i++) weights[random.Next(rows)]++;
        return weights;
    }

    static int[] Ones(int rows)
    {
        var ones = new int[rows];
        Array.Fill(ones, 1);
        return ones;
    }
}
