using System.Numerics;

namespace Drift;

/// <summary>
/// Distances between two distributions over the same cells, as bare functions on spans that allocate nothing.
/// Counts (<see cref="long"/>) are divided by their own sum; shares (<see cref="double"/>) too, so they need not sum to exactly 1.
/// </summary>
/// <remarks>
/// The reference always comes first. Two sides of different length throw; no cell at all, or a side whose cells sum to nothing, gives NaN;
/// a NaN or negative share gives NaN. Every function is invariant under one permutation of the cells on both sides.
/// Only psi has a p-value (<see cref="PsiLaw"/>) and default thresholds: psi above sampling noise 0.1 warning, 0.2 critical, together with p. The others have none, because
/// what is large depends on sizes and cells; in use elsewhere is 0.1 for kl, js and hellinger (Evidently), and limits from the reference's own chunks (<see cref="ThresholdRule.Chunks"/>, NannyML).
/// Sources: S. Kullback and R. Leibler 1951; J. Lin 1991 (js); E. Hellinger 1909; A. Bhattacharyya 1943; D. Levin, Y. Peres and E. Wilmer, "Markov Chains and Mixing Times", chapter 4 (total variation).
/// </remarks>
public static partial class Divergence
{
    /// <summary>What psi and kl add to every cell of both sides before dividing: half an observation.</summary>
    /// <remarks>
    /// A cell that one side never saw would make both infinite. Half an observation per cell, renormalised, keeps the share of false alarms at its
    /// nominal level on skewed categories (2.9 % at nominal 5 % with 100 rows), where a fixed epsilon of 0.0001 gives 29 %.
    /// </remarks>
    public const double Smoothing = 0.5;

    /// <summary>Population stability index of counts: sum of (p - q) ln(p / q), in nats.</summary>
    /// <remarks>
    /// Range 0 to infinity, symmetric, 0 when the smoothed shares are equal. Zero cells: <paramref name="smoothing"/> is added to every cell of both sides and
    /// the shares are taken of the new sums; with smoothing 0 a cell that only one side has gives infinity, a cell that neither has gives 0.
    /// With the same law on both sides psi is distributed like (1/n + 1/m) chi2 with cells - 1 degrees of freedom (Yurdakul 2018).
    /// The customary thresholds 0.1 and 0.2 mean little without the sizes.
    /// </remarks>
    public static double Psi(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, double smoothing = Smoothing) =>
        Log<long, PsiTerm>(reference, current, smoothing);

    /// <summary>Population stability index of shares: sum of (p - q) ln(p / q), in nats; no smoothing, so a cell that only one side has gives infinity.</summary>
    public static double Psi(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) => Log<double, PsiTerm>(reference, current, 0);

    /// <summary>Kullback-Leibler divergence of counts: sum of p ln(p / q), in nats, "how surprising p is to who expects q".</summary>
    /// <remarks>
    /// Range 0 to infinity, not symmetric. The measure <c>kl</c> is Kl(current, reference), <c>kl_reverse</c> is Kl(reference, current).
    /// Zero cells: <paramref name="smoothing"/> is added to every cell of both sides and the shares are taken of the new sums; with smoothing 0, a cell
    /// with p = 0 gives 0 and a cell with p &gt; 0, q = 0 gives infinity (scipy's <c>entropy(p, q)</c>).
    /// </remarks>
    public static double Kl(ReadOnlySpan<long> p, ReadOnlySpan<long> q, double smoothing = Smoothing) => Log<long, KlTerm>(p, q, smoothing);

    /// <summary>Kullback-Leibler divergence of shares: sum of p ln(p / q), in nats; no smoothing.</summary>
    public static double Kl(ReadOnlySpan<double> p, ReadOnlySpan<double> q) => Log<double, KlTerm>(p, q, 0);

    /// <summary>What one cell adds to psi, given its shares; the same convention for zeros as <see cref="Psi(ReadOnlySpan{double}, ReadOnlySpan{double})"/>.</summary>
    internal static double PsiOf(double p, double q) => PsiTerm.Of(p, q);

    static double Log<T, TTerm>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, double smoothing)
        where T : INumber<T>
        where TTerm : ITerm
    {
        if (!Sums(first, second, smoothing, out var n, out var m)) return double.NaN;
        double sum = 0;
        for (var i = 0; i < first.Length; i++)
            sum += TTerm.Of((double.CreateTruncating(first[i]) + smoothing) / n, (double.CreateTruncating(second[i]) + smoothing) / m);
        return sum < 0 ? 0 : sum; // rounding only: both divergences are never negative
    }

    /// <summary>The two sums, smoothing included; false where no share is defined.</summary>
    static bool Sums<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, double smoothing, out double n, out double m)
        where T : INumber<T>
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"the two sides must have the same cells, but have {first.Length} and {second.Length}", nameof(second));
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        n = m = smoothing * first.Length;
        T low = T.Zero, r = T.Zero, c = T.Zero;
        for (var i = 0; i < first.Length; i++)
        {
            r += first[i];
            c += second[i];
            low = T.Min(low, T.Min(first[i], second[i])); // NaN stays
        }
        n += double.CreateTruncating(r);
        m += double.CreateTruncating(c);
        return r > T.Zero && c > T.Zero && low >= T.Zero && double.IsFinite(n) && double.IsFinite(m);
    }

    interface ITerm
    {
        static abstract double Of(double p, double q);
    }

    readonly struct PsiTerm : ITerm
    {
        public static double Of(double p, double q) =>
            p == q ? 0 : p == 0 || q == 0 ? double.PositiveInfinity : (p - q) * Math.Log(p / q);
    }

    readonly struct KlTerm : ITerm
    {
        public static double Of(double p, double q) => p == 0 ? 0 : q == 0 ? double.PositiveInfinity : p * Math.Log(p / q);
    }
}
