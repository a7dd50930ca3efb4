namespace Drift;

public sealed partial class Measure
{
    /// <summary>What needs the rows themselves, or only two cells.</summary>
    static IEnumerable<Measure> Samples()
    {
        yield return Sample("energy", "energy distance", pair => pair.Energy());
        yield return Sample("kuiper", "Kuiper's distance", pair => pair.OnSamples(Kuiper.TestSorted));
        yield return Sample("cramer_von_mises", "Cramer and von Mises' distance", pair => pair.OnSamples((x, y) => CramerVonMises.TestSorted(x, y, PValueMethod.Auto)));
        yield return Sample("anderson_darling", "Anderson and Darling's distance, standardised", pair => pair.OnSamples((x, y) => AndersonDarling.TestSorted(x, y, PValueMethod.Auto)));
        yield return Sample("mann_whitney", "Mann and Whitney's U of the reference", pair => pair.OnSamples((x, y) => MannWhitney.TestSorted(x, y, Alternative.TwoSided, PValueMethod.Auto)));
        yield return Sample("t_test", "Welch's t of the means, reference less current", pair => pair.OnSamples(TTest.Welch));
        yield return Sample("epps_singleton", "Epps and Singleton's distance of characteristic functions", pair => pair.OnSamples((x, y) => EppsSingleton.TestSorted(x, y, PValueMethod.Auto)));
        yield return Sample("mmd", "maximum mean discrepancy, on at most 1,000 rows a side", pair => pair.OnSamples((x, y) => MaximumMeanDiscrepancy.Test(x, y)));
        yield return Drift("fisher", "odds ratio of a column of two cells, Fisher's exact test", pair => pair.OnTwoCells(Fisher.Test));
        yield return Drift("z_test", "two-proportion z of a column of two cells, current less reference", pair => pair.OnTwoCells(global::Drift.Rates.ZTest));
    }

    static Measure Sample(string name, string summary, Func<ColumnPair, Outcome> compute) =>
        new(name, ReadingKind.Drift, summary, compute) { Only = ColumnKind.Numeric, NeedsSamples = true };
}
