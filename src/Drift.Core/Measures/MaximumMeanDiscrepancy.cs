using System.Numerics.Tensors;

namespace Drift;

/// <summary>Maximum mean discrepancy: the distance between two samples' mean embeddings under a Gaussian kernel; sees any difference, in any dimension.</summary>
/// <remarks>
/// MMD2 = mean k(x,x') + mean k(y,y') - 2 mean k(x,y) over different rows (the unbiased form, which may be slightly negative), k(a,b) = exp(-|a-b|^2 / (2 s^2)), s^2 half the
/// median of the pooled squared distances (1 when that is 0). The p-value is (K+1)/(N+1), K of N seeded permutations with at least the
/// observed value: never 0, exact at any size, assumes exchangeable rows. Quadratic: each side is cut to a seeded sample of at most
/// <see cref="MaxRows"/>. Rows with NaN or infinity are left out; fewer than two rows on a side give NaN. Source: A. Gretton et al. 2012.
/// Default threshold: p &lt; 0.01.
/// </remarks>
public static class MaximumMeanDiscrepancy
{
    /// <summary>The rows per side that are used.</summary>
    public const int MaxRows = 1000;

    /// <summary>Tests two samples of rows, each given row by row.</summary>
    /// <param name="x">The first sample, <paramref name="dimensions"/> values per row.</param>
    /// <param name="y">The second sample.</param>
    /// <param name="dimensions">The values per row.</param>
    /// <param name="permutations">The number of permutations; 0 gives no p-value (NaN).</param>
    /// <param name="seed">The same seed gives the same p-value.</param>
    /// <exception cref="ArgumentException">A length is no multiple of the dimensions.</exception>
    public static TwoSampleTest Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimensions = 1, int permutations = 199, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(permutations);
        if (x.Length % dimensions != 0 || y.Length % dimensions != 0)
            throw new ArgumentException($"both samples must hold whole rows of {dimensions} values", nameof(dimensions));
        var random = new SeededRandom(seed);
        double[] a = Rows(x, dimensions, ref random), b = Rows(y, dimensions, ref random);
        int n = a.Length / dimensions, m = b.Length / dimensions, all = n + m;
        if (n < 2 || m < 2) return TwoSampleTest.NotApplicable;
        var kernel = Kernel([.. a, .. b], dimensions, all);
        var rowSums = new double[all];
        for (var i = 0; i < all; i++) rowSums[i] = TensorPrimitives.Sum<double>(kernel.AsSpan(i * all, all));
        var order = new int[all];
        for (var i = 0; i < all; i++) order[i] = i;
        var member = new double[all];
        var total = TensorPrimitives.Sum<double>(rowSums);
        var observed = Statistic(kernel, rowSums, order, member, n, total);
        if (permutations == 0) return new(observed, double.NaN);
        var asLarge = 0;
        for (var i = 0; i < permutations; i++)
        {
            random.Shuffle(order);
            // Relabelled ties must count: equal up to rounding is "at least".
            if (Statistic(kernel, rowSums, order, member, n, total) >= observed - 1e-12 * Math.Max(1e-3, Math.Abs(observed))) asLarge++;
        }
        return new(observed, (asLarge + 1.0) / (permutations + 1));
    }

    // With the row sums known, one permutation costs only the sum over pairs inside the first group.
    static double Statistic(double[] kernel, double[] rowSums, int[] order, double[] member, int n, double total)
    {
        int all = order.Length, m = all - n;
        Array.Clear(member);
        for (var i = 0; i < n; i++) member[order[i]] = 1;
        double inside = 0, rows = 0;
        for (var i = 0; i < n; i++)
        {
            var row = order[i];
            inside += TensorPrimitives.Dot<double>(kernel.AsSpan(row * all, all), member);
            rows += rowSums[row];
        }
        var cross = rows - inside;
        var other = total - inside - 2 * cross;
        return inside / ((double)n * (n - 1)) + other / ((double)m * (m - 1)) - 2 * cross / ((double)n * m);
    }

    // The diagonal is 0, so that sums run over different rows.
    static double[] Kernel(double[] rows, int dimensions, int all)
    {
        var squares = new double[all * all];
        var pairs = new double[all * (all - 1) / 2];
        var k = 0;
        for (var i = 0; i < all; i++)
            for (var j = i + 1; j < all; j++)
            {
                var distance = TensorPrimitives.Distance<double>(rows.AsSpan(i * dimensions, dimensions), rows.AsSpan(j * dimensions, dimensions));
                squares[i * all + j] = squares[j * all + i] = pairs[k++] = distance * distance;
            }
        Array.Sort(pairs);
        var median = pairs.Length % 2 == 1 ? pairs[pairs.Length / 2] : pairs[pairs.Length / 2 - 1] / 2 + pairs[pairs.Length / 2] / 2;
        var scale = median > 0 ? -1 / median : -0.5;
        for (var i = 0; i < squares.Length; i++) squares[i] = i % (all + 1) == 0 ? 0 : Math.Exp(squares[i] * scale);
        return squares;
    }

    static double[] Rows(ReadOnlySpan<double> values, int dimensions, ref SeededRandom random)
    {
        var starts = new List<int>();
        for (var start = 0; start < values.Length; start += dimensions)
            if (AllFinite(values.Slice(start, dimensions))) starts.Add(start);
        var chosen = starts.ToArray();
        if (chosen.Length > MaxRows)
        {
            random.Shuffle(chosen);
            chosen = chosen[..MaxRows];
        }
        var rows = new double[chosen.Length * dimensions];
        for (var i = 0; i < chosen.Length; i++) values.Slice(chosen[i], dimensions).CopyTo(rows.AsSpan(i * dimensions));
        return rows;
    }

    static bool AllFinite(ReadOnlySpan<double> row)
    {
        foreach (var value in row)
            if (!double.IsFinite(value)) return false;
        return true;
    }
}
