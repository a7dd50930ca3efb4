namespace Drift.Recipes;

public sealed partial class Recipe
{
    static readonly Recipe[] all =
    [
        new("evidently", c => Evidently.DefaultTest(c.IsNumeric, c.ReferenceSize, c.Distinct),
            new("psi", c => V(Evidently.Psi(c.Reference, c.Current)), c => V(Evidently.Psi(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.AtLeast, 0.1),
            new("kl", c => V(Evidently.Kl(c.Reference, c.Current)), c => V(Evidently.Kl(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.AtLeast, 0.1),
            new("js", c => V(Evidently.Js(c.Reference, c.Current)), c => V(Evidently.Js(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.AtLeast, 0.1),
            new("hellinger", c => V(Evidently.Hellinger(c.Reference, c.Current)), c => V(Divergence.Hellinger(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.AtLeast, 0.1),
            new("wasserstein_norm", c => V(Wasserstein.Normalised(c.Reference, c.Current)), null, RecipeRule.AtLeast, 0.1),
            new("energy", c => V(Wasserstein.Energy(c.Reference, c.Current)), null, RecipeRule.AtLeast, 0.1),
            new("ks", c => KolmogorovSmirnov.Test(c.Reference, c.Current), null, RecipeRule.P, 0.05),
            new("chi2", c => Evidently.ChiSquare(c.Values.Reference, c.Values.Current), c => Evidently.ChiSquare(c.ReferenceCounts, c.CurrentCounts), RecipeRule.P, 0.05),
            new("z_test", c => Evidently.ZTest(c.Values.Reference, c.Values.Current), c => Evidently.ZTest(c.ReferenceCounts, c.CurrentCounts), RecipeRule.P, 0.05),
            new("g_test", null, c => Evidently.GTest(c.ReferenceCounts, c.CurrentCounts), RecipeRule.P, 0.05),
            new("fisher", c => TwoValues(c, Fisher.Test), c => TwoValues(c, Fisher.Test), RecipeRule.P, 0.05),
            new("t_test", c => TTest.Student(c.Reference, c.Current), null, RecipeRule.P, 0.05),
            new("mann_whitney", c => MannWhitney.Test(c.Reference, c.Current, Alternative.Less), null, RecipeRule.P, 0.05),
            new("cramer_von_mises", c => CramerVonMises.AsScipy(c.Reference, c.Current), null, RecipeRule.P, 0.05),
            new("anderson_darling", c => AndersonDarling.Test(c.Reference, c.Current, PValueMethod.Asymptotic), null, RecipeRule.P, 0.05),
            new("epps_singleton", c => EppsSingleton.Test(c.Reference, c.Current, PValueMethod.Asymptotic), null, RecipeRule.P, 0.05)) { DatasetShare = 0.5 },
        new("nannyml", _ => "js",
            new("js", c => V(NannyML.Js(c.Reference, c.Current)), c => V(NannyML.Js(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Chunks),
            new("hellinger", c => V(NannyML.Hellinger(c.Reference, c.Current)), c => V(NannyML.Hellinger(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Chunks),
            new("linf", null, c => V(Divergence.LInfinity(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Chunks),
            new("ks", c => V(NannyML.Ks(c.Reference, c.Current)), null, RecipeRule.Chunks),
            new("wasserstein", c => V(NannyML.Wasserstein(c.Reference, c.Current)), null, RecipeRule.Chunks),
            new("chi2", null, c => NannyML.ChiSquare(c.ReferenceCounts, c.CurrentCounts), RecipeRule.P, 0.05)),
        new("azureml", c => c.IsNumeric ? "wasserstein_norm" : "js",
            new("psi", c => V(AzureML.Psi(c.Reference, c.Current)), c => V(AzureML.Psi(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Above, 0.1),
            new("js", c => V(AzureML.Js(c.Reference, c.Current)), c => V(Divergence.Js(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Above, 0.1),
            new("wasserstein_norm", c => V(AzureML.WassersteinNormalised(c.Reference, c.Current)), null, RecipeRule.Above, 0.1),
            new("ks", c => KolmogorovSmirnov.Test(c.Reference, c.Current), null, RecipeRule.P, 0.05),
            new("chi2", null, c => AzureML.ChiSquare(c.ReferenceCounts, c.CurrentCounts), RecipeRule.P, 0.05)),
        new("deepchecks", c => c.IsNumeric ? "ks" : "cramers_v",
            new("cramers_v", null, c => V(Deepchecks.CramersV(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.AtLeast, 0.2),
            new("psi", null, c => V(Deepchecks.Psi(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.AtLeast, 0.2),
            new("ks", c => KolmogorovSmirnov.Test(c.Reference, c.Current), null, RecipeRule.AtLeast, 0.2),
            new("wasserstein", c => V(Deepchecks.EarthMover(c.Reference, c.Current)), null, RecipeRule.AtLeast, 0.2)),
        new("deequ", _ => "linf",
            new("linf", c => V(Deequ.LInfinity(c.Reference, c.Current)), c => V(Deequ.LInfinity(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Never),
            new("psi", null, c => V(Deequ.Psi(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Never)),
        new("tfdv", c => c.IsNumeric ? "js" : "linf",
            new("js", c => V(Tfdv.JsDivergence(c.Reference, c.Current)), c => V(Divergence.JsDivergence(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Never),
            new("linf", null, c => V(Tfdv.LInfinity(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Never)),
        new("scouter", _ => "psi",
            new RecipeMeasure("psi", c => V(Scouter.Psi(c.Reference, c.Current)), c => V(Scouter.Psi(c.ReferenceCounts, c.CurrentCounts)), RecipeRule.Never)),
        new("frouros", c => c.IsNumeric ? "psi" : "chi2",
            new("psi", c => V(Frouros.Psi(c.Reference, c.Current)), null, RecipeRule.Never),
            new("kl", c => V(Frouros.Kl(c.Reference, c.Current)), null, RecipeRule.Never),
            new("js", c => V(Frouros.Js(c.Reference, c.Current)), null, RecipeRule.Never),
            new("hellinger", c => V(Frouros.Hellinger(c.Reference, c.Current)), null, RecipeRule.Never),
            new("bhattacharyya", c => V(Frouros.Bhattacharyya(c.Reference, c.Current)), null, RecipeRule.Never),
            new("total_variation", c => V(Frouros.IntersectionComplement(c.Reference, c.Current)), null, RecipeRule.Never),
            new("wasserstein", c => V(Wasserstein.Distance(c.Reference, c.Current)), null, RecipeRule.Never),
            new("energy", c => V(Wasserstein.Energy(c.Reference, c.Current)), null, RecipeRule.Never),
            new("ks", c => KolmogorovSmirnov.Test(c.Reference, c.Current), null, RecipeRule.Never),
            new("chi2", null, c => Contingency.ChiSquareYates(c.ReferenceCounts, c.CurrentCounts), RecipeRule.Never)),
    ];

    static readonly string[] names = [.. all.Select(r => r.Name)];

    static TwoSampleTest V(double value) => new(value, double.NaN);

    static TwoSampleTest TwoValues(RecipeColumn column, Func<long, long, long, long, TwoSampleTest> test)
    {
        var (r, c) = column.Values;
        return r.Length == 2 ? test(r[1], r.Sum(), c[1], c.Sum()) : TwoSampleTest.NotApplicable;
    }
}
