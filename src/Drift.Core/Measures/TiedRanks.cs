namespace Drift;

/// <summary>
/// The law of sum_j w_j (N S_j - n B_j)^2 given the tied groups of the pooled sample, where S_j is the first side's number of values below group j plus half of those in it: what
/// Anderson-Darling and Cramer-von Mises are on few distinct values.
/// </summary>
/// <remarks>
/// Under random assignment of the pooled values to the sides the S_j form a discrete bridge with covariance k B_i (N - B_j) for i &lt; j and k (B_i (N - B_i) - N l_i/4) on the diagonal, k = nm/(N^2 (N-1)).
/// A quadratic form of (nearly) normal variables with known first three cumulants is close to a shifted, scaled chi-square with the same three.
/// </remarks>
static class TiedRanks
{
    /// <summary>Beyond this many distinct values the law for continuous data is as good.</summary>
    const int MostGroups = 256;

    /// <summary>On samples up to this size the law given the ties, which rests on nearly normal sums, only widens the published one.</summary>
    public const int PublishedUpTo = 200;

    /// <summary>The groups of the pooled sample; null when they are too many for the law given the ties.</summary>
    public static Tie[]? Groups(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var groups = new List<Tie>();
        foreach (var tie in new Ties(x, y))
        {
            if (groups.Count == MostGroups) return null;
            groups.Add(tie);
        }
        return [.. groups];
    }

    /// <summary>P(form >= the observed one).</summary>
    public static double Survival(Tie[] groups, double n, double m, Func<Tie, double> weight)
    {
        double all = n + m, observed = 0, k = n * m / (all * all * (all - 1));
        var d = groups.Length;
        double[] b = new double[d], root = new double[d];
        for (var j = 0; j < d; j++)
        {
            b[j] = groups[j].Below + groups[j].Count / 2.0;
            var w = weight(groups[j]);
            root[j] = Math.Sqrt(w) * all;
            var difference = all * (groups[j].FirstBelow + groups[j].First / 2.0) - n * b[j];
            observed += w * difference * difference;
        }
        var matrix = new double[d * d];
        for (var i = 0; i < d; i++)
            for (var j = i; j < d; j++)
                matrix[i * d + j] = matrix[j * d + i] =
                    root[i] * root[j] * k * (b[i] * (all - b[j]) - (i == j ? all * groups[i].Count / 4.0 : 0));
        var (first, second, third) = Traces(matrix, d);
        if (!(second > 0) || !(third > 0)) return 1;
        double scale = third / second, degrees = second * second * second / (third * third), shift = first - second * second / third;
        return SpecialFunctions.ChiSquareSurvival((observed - shift) / scale, degrees);
    }

    // tr M, tr M^2, tr M^3.
    static (double First, double Second, double Third) Traces(double[] matrix, int d)
    {
        double first = 0, second = 0, third = 0;
        var product = new double[d];
        for (var i = 0; i < d; i++)
        {
            var row = matrix.AsSpan(i * d, d);
            first += row[i];
            product.AsSpan().Clear();
            for (var k = 0; k < d; k++)
            {
                var factor = row[k];
                var other = matrix.AsSpan(k * d, d);
                for (var j = 0; j < d; j++) product[j] += factor * other[j];
            }
            second += product[i];
            for (var j = 0; j < d; j++) third += product[j] * row[j];
        }
        return (first, second, third);
    }
}
