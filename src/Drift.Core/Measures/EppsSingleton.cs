namespace Drift;

/// <summary>Epps and Singleton's test: compares the empirical characteristic functions at two points; needs no continuity, so ties do no harm.</summary>
/// <remarks>
/// g(v) = (cos t1 v, cos t2 v, sin t1 v, sin t2 v), t = 0.4 and 0.8 divided by half the pooled interquartile range; W = N d' C+ d with d the difference of the means of g,
/// C = N/n cov(g(x)) + N/m cov(g(y)), C+ its pseudo-inverse; both samples under 25: times 1/(1 + N^-0.45 + 10.1 (n^-1.7 + m^-1.7)). The p-value is
/// the chi-square survival with rank(C) degrees of freedom (scipy's epps_singleton_2samp) and assumes independent draws and large samples. NaN values are
/// left out; an infinity, fewer than five values on a side or an interquartile range of 0 give NaN. Source: T. Epps and K. Singleton 1986. Default threshold: p &lt; 0.01.
/// </remarks>
public static class EppsSingleton
{
    const int Size = 4;

    /// <summary>Tests two raw samples.</summary>
    /// <param name="x">The first sample.</param>
    /// <param name="y">The second sample.</param>
    /// <param name="method">Asymptotic: scipy's p-value. Auto: not below the one with the pooled covariance, because the separate one fires too often on unequal sizes and few distinct values.</param>
    public static TwoSampleTest Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PValueMethod method = PValueMethod.Auto)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return TestSorted(a.Values, b.Values, method);
    }

    internal static TwoSampleTest TestSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PValueMethod method)
    {
        if (x.Length < 5 || y.Length < 5) return TwoSampleTest.NotApplicable;
        if (!double.IsFinite(x[0]) || !double.IsFinite(x[^1]) || !double.IsFinite(y[0]) || !double.IsFinite(y[^1])) return TwoSampleTest.NotApplicable;
        double n = x.Length, m = y.Length, all = n + m;
        var scale = HalfQuartileRange(x, y);
        if (!(scale > 0) || double.IsInfinity(scale)) return TwoSampleTest.NotApplicable;
        Span<double> first = stackalloc double[Size], second = stackalloc double[Size];
        Span<double> covarianceX = stackalloc double[Size * Size], covarianceY = stackalloc double[Size * Size];
        Accumulate(x, scale, first, covarianceX);
        Accumulate(y, scale, second, covarianceY);
        for (var i = 0; i < Size; i++) first[i] -= second[i];
        Span<double> separate = stackalloc double[Size * Size], pooled = stackalloc double[Size * Size];
        for (var i = 0; i < Size * Size; i++)
        {
            separate[i] = all / n * covarianceX[i] + all / m * covarianceY[i];
            // N^2/(nm) times the covariance of the pooled sample: that within the sides, and that of their means.
            pooled[i] = all / m * covarianceX[i] + all / n * covarianceY[i] + first[i / Size] * first[i % Size];
        }
        var (w, p) = Chi(separate, first, n, m);
        return new(w, method == PValueMethod.Asymptotic ? p : Math.Max(p, Chi(pooled, first, n, m).P));
    }

    static (double W, double P) Chi(Span<double> covariance, ReadOnlySpan<double> d, double n, double m)
    {
        var (form, rank) = InverseForm(covariance, d);
        double all = n + m, w = all * form;
        if (Math.Max(n, m) < 25) w /= 1 + Math.Pow(all, -0.45) + 10.1 * (Math.Pow(n, -1.7) + Math.Pow(m, -1.7));
        return (w, rank == 0 ? 1 : SpecialFunctions.ChiSquareSurvival(w, rank));
    }

    static void Accumulate(ReadOnlySpan<double> values, double scale, Span<double> mean, Span<double> covariance)
    {
        Span<double> g = stackalloc double[Size];
        Span<CompensatedSum> sums = stackalloc CompensatedSum[Size * Size];
        foreach (var value in values)
        {
            Characteristic(value, scale, g);
            for (var i = 0; i < Size; i++) sums[i].Add(g[i]);
        }
        for (var i = 0; i < Size; i++) mean[i] = sums[i].Value / values.Length;
        sums.Clear();
        foreach (var value in values)
        {
            Characteristic(value, scale, g);
            for (var i = 0; i < Size; i++) g[i] -= mean[i];
            for (var i = 0; i < Size; i++)
                for (var j = 0; j < Size; j++) sums[i * Size + j].Add(g[i] * g[j]);
        }
        for (var i = 0; i < Size * Size; i++) covariance[i] = sums[i].Value / values.Length;
    }

    static void Characteristic(double value, double scale, Span<double> g)
    {
        (g[2], g[0]) = Math.SinCos(0.4 / scale * value);
        (g[3], g[1]) = Math.SinCos(0.8 / scale * value);
    }

    // Half the interquartile range of the pooled sample, quartiles by linear interpolation.
    static double HalfQuartileRange(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double Quantile(ReadOnlySpan<double> first, ReadOnlySpan<double> second, double q)
        {
            var position = q * (first.Length + second.Length - 1);
            var below = (int)Math.Floor(position);
            double low = double.NaN, high = double.NaN;
            foreach (var tie in new Ties(first, second))
            {
                if (tie.Below <= below) low = tie.Value;
                high = tie.Value;
                if (tie.Below + tie.Count > below + 1) break;
            }
            return low + (high - low) * (position - below);
        }

        return (Quantile(x, y, 0.75) - Quantile(x, y, 0.25)) / 2;
    }

    // d' C+ d by the eigenvalues of C; those under 1e-15 of the greatest count as 0.
    static (double Form, int Rank) InverseForm(Span<double> c, ReadOnlySpan<double> d)
    {
        Span<double> vectors = stackalloc double[Size * Size];
        SymmetricEigen.Decompose(c, vectors, Size);
        var greatest = 0.0;
        for (var i = 0; i < Size; i++) greatest = Math.Max(greatest, c[i * Size + i]);
        var form = 0.0;
        var rank = 0;
        for (var k = 0; k < Size; k++)
        {
            var value = c[k * Size + k];
            if (value <= 1e-15 * greatest) continue;
            var along = 0.0;
            for (var i = 0; i < Size; i++) along += vectors[i * Size + k] * d[i];
            form += along * along / value;
            rank++;
        }
        return (form, rank);
    }
}
