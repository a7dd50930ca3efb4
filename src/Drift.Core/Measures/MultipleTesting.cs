using System.Buffers;

namespace Drift;

/// <summary>
/// Adjusts the p-values of a family of tests for their number. A NaN stands for "not a member": it stays NaN and does not count.
/// </summary>
/// <remarks>Without it 50 stable features tested at p &lt; .05 each raise an alert on nearly every day of a year.</remarks>
public static class MultipleTesting
{
    /// <summary>Benjamini-Hochberg: p_(i) N / i, made monotone from the largest down, at most 1. Keeps the expected share of false findings at the level compared with.</summary>
    /// <remarks>Holds for independent and positively dependent tests (Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001). The two spans may be the same.</remarks>
    public static void BenjaminiHochberg(ReadOnlySpan<double> p, Span<double> adjusted) =>
        Adjust(p, adjusted, (sorted, family) =>
        {
            var least = 1.0;
            for (var i = family - 1; i >= 0; i--) sorted[i] = least = Math.Min(least, sorted[i] * family / (i + 1));
        });

    /// <summary>Holm: p_(i) (N - i + 1), made monotone from the smallest up, at most 1. Keeps the chance of any false finding, under any dependence (Holm 1979).</summary>
    public static void Holm(ReadOnlySpan<double> p, Span<double> adjusted) =>
        Adjust(p, adjusted, (sorted, family) =>
        {
            var most = 0.0;
            for (var i = 0; i < family; i++) sorted[i] = most = Math.Min(1, Math.Max(most, sorted[i] * (family - i)));
        });

    /// <summary>Bonferroni: p N, at most 1. Keeps the chance of any false finding, under any dependence; never better than <see cref="Holm"/>.</summary>
    public static void Bonferroni(ReadOnlySpan<double> p, Span<double> adjusted) =>
        Adjust(p, adjusted, (sorted, family) =>
        {
            for (var i = 0; i < family; i++) sorted[i] = Math.Min(1, sorted[i] * family);
        });

    static void Adjust(ReadOnlySpan<double> p, Span<double> adjusted, Action<double[], int> rule)
    {
        if (p.Length != adjusted.Length) throw new ArgumentException($"{p.Length} p-values need as many places, not {adjusted.Length}", nameof(adjusted));
        var keys = ArrayPool<double>.Shared.Rent(p.Length);
        var places = ArrayPool<int>.Shared.Rent(p.Length);
        try
        {
            var family = 0;
            for (var i = 0; i < p.Length; i++)
            {
                var value = p[i]; // read before the write below, for the two spans may be one
                if (value is < 0 or > 1) throw new ArgumentOutOfRangeException(nameof(p), value, "a p-value lies between 0 and 1");
                adjusted[i] = double.NaN;
                if (double.IsNaN(value)) continue;
                keys[family] = value;
                places[family++] = i;
            }
            Array.Sort(keys, places, 0, family);
            rule(keys, family);
            for (var i = 0; i < family; i++) adjusted[places[i]] = keys[i];
        }
        finally
        {
            ArrayPool<double>.Shared.Return(keys);
            ArrayPool<int>.Shared.Return(places);
        }
    }
}
