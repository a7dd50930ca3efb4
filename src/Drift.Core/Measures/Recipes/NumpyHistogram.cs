namespace Drift.Recipes;

/// <summary>numpy's histogram rules, on which most other systems' numbers rest; the arithmetic is in numpy's order, because a rounded-up bin count changes everything.</summary>
static class NumpyHistogram
{
    /// <summary>The finite values, ascending: where other systems fail on infinities, the recipes leave them out.</summary>
    public static double[] SortedFinite(ReadOnlySpan<double> values) => Quantiles.SortedFinite(values);

    /// <summary>Equal-width edges over [min, max]; a range of one value becomes that value -+ 1/2.</summary>
    public static double[] Edges(double min, double max, int cells)
    {
        if (min == max) (min, max) = (min - 0.5, max + 0.5);
        var edges = new double[cells + 1];
        var step = (max - min) / cells;
        for (var i = 0; i < cells; i++) edges[i] = i * step + min;
        edges[cells] = max;
        return edges;
    }

    /// <summary>Equal-width edges, as many as Sturges' rule says: width = range / (log2 n + 1).</summary>
    public static double[] Sturges(double min, double max, long n) => Edges(min, max, Cells(max - min, (max - min) / (Math.Log2(n) + 1)));

    /// <summary>Equal-width edges, as many as Doane's rule says; one cell when there are fewer than three values or no variance.</summary>
    public static double[] Doane(ReadOnlySpan<double> sorted)
    {
        double n = sorted.Length, range = sorted[^1] - sorted[0], width = 0;
        var (mean, deviation) = MeanAndDeviation(sorted);
        if (n > 2 && deviation > 0)
        {
            var spread = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
            var third = new CompensatedSum();
            foreach (var x in sorted)
            {
                var z = (x - mean) / deviation;
                third.Add(z * z * z);
            }
            width = range / (1 + Math.Log2(n) + Math.Log2(1 + Math.Abs(third.Value / n) / spread));
        }
        return Edges(sorted[0], sorted[^1], Cells(range, width));
    }

    /// <summary>Equal-width edges by numpy's rule auto: the narrower of Sturges' and Freedman and Diaconis' width (2 IQR / n^(1/3)), the latter where it is not 0. None where that would be more than a million cells, or the range is wider than the largest double.</summary>
    public static double[] Auto(ReadOnlySpan<double> sorted)
    {
        double range = sorted[^1] - sorted[0], sturges = range / (Math.Log2(sorted.Length) + 1);
        var freedman = 2 * (Quantiles.At(sorted, 0.75) - Quantiles.At(sorted, 0.25)) / Math.Pow(sorted.Length, 1 / 3.0);
        var width = freedman > 0 ? Math.Min(freedman, sturges) : sturges;
        return double.IsFinite(range) && !(range / width > MostCells) ? Edges(sorted[0], sorted[^1], Cells(range, width)) : [];
    }

    const int MostCells = 1_000_000;

    static int Cells(double range, double width) => width > 0 ? Math.Max(1, (int)Math.Ceiling(range / width)) : 1;

    /// <summary>Counts of an ascending sample over ascending edges: cells [lo, hi), the last one closed; values outside are dropped.</summary>
    public static long[] Counts(ReadOnlySpan<double> sorted, ReadOnlySpan<double> edges)
    {
        var counts = new long[edges.Length - 1];
        var at = 0;
        while (at < sorted.Length && sorted[at] < edges[0]) at++;
        for (var cell = 0; cell < counts.Length; cell++)
        {
            var start = at;
            while (at < sorted.Length && (sorted[at] < edges[cell + 1] || (cell == counts.Length - 1 && sorted[at] == edges[cell + 1]))) at++;
            counts[cell] = at - start;
        }
        return counts;
    }

    /// <summary>One cell per distinct value of either side.</summary>
    public static (long[] Reference, long[] Current) PerValue(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        List<long> r = [], c = [];
        foreach (var tie in new Ties(reference, current))
        {
            r.Add(tie.First);
            c.Add(tie.Second);
        }
        return ([.. r], [.. c]);
    }

    public static int Distinct(ReadOnlySpan<double> sorted)
    {
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) count++;
        return count;
    }

    public static double[] Shares(ReadOnlySpan<long> counts, long rows)
    {
        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length; i++) shares[i] = counts[i] / (double)rows;
        return shares;
    }

    /// <summary>sum (p - q) ln(p/q) of shares as they are, not renormalised.</summary>
    public static double Psi(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < p.Length; i++) sum.Add((p[i] - q[i]) * Math.Log(p[i] / q[i]));
        return sum.Value;
    }

    /// <summary>Mean and standard deviation (ddof 0).</summary>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        var total = new CompensatedSum();
        foreach (var value in values) total.Add(value);
        var mean = total.Value / values.Length;
        var squares = new CompensatedSum();
        foreach (var value in values) squares.Add((value - mean) * (value - mean));
        return (mean, Math.Sqrt(squares.Value / values.Length));
    }
}
