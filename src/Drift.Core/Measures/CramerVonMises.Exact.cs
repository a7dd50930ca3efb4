namespace Drift;

public static partial class CramerVonMises
{
    /// <summary>P(T >= t) over all orders of n + m distinct values.</summary>
    /// <remarks>
    /// A path from (0,0) to (n,m) collects (a u - b v)^2 at each point it visits; the table of (sum, number of paths) at a point is the merger of those of
    /// its two predecessors. Only sums matter, so each table is a pair of ascending lists.
    /// </remarks>
    static double ExactPValue(Int128 excess, int n, int m)
    {
        long lcm = (long)n * m / (long)System.Numerics.BigInteger.GreatestCommonDivisor(n, m), a = lcm / n, b = lcm / m;
        Int128 product = (Int128)n * m;
        // T and the paths' sum are linear in each other: sum = lcm^2 (n+m) T' with T' = excess/(24 (nm)^2), rounded down for tied samples.
        var threshold = (long)((Int128)lcm * lcm * (n + m) * excess / (24 * product * product));
        var row = new Table[n + 1];
        for (var v = 0; v <= m; v++)
        {
            for (var u = 0; u <= n; u++)
            {
                var merged = u == 0 && v == 0 ? new Table([0], [1.0])
                    : v == 0 ? row[u - 1]
                    : u == 0 ? row[0]
                    : Table.Merge(row[u], row[u - 1]);
                var step = a * u - b * v;
                row[u] = merged.Plus(step * step);
            }
        }
        return row[n].ShareFrom(threshold);
    }

    sealed class Table(long[] sums, double[] paths)
    {
        public static Table Merge(Table one, Table two)
        {
            var (s, t) = (one.Sums, two.Sums);
            var sums = new long[s.Length + t.Length];
            var paths = new double[sums.Length];
            int i = 0, j = 0, k = 0;
            while (i < s.Length || j < t.Length)
            {
                var at = j == t.Length || (i < s.Length && s[i] <= t[j]) ? s[i] : t[j];
                sums[k] = at;
                if (i < s.Length && s[i] == at) paths[k] += one.Paths[i++];
                if (j < t.Length && t[j] == at) paths[k] += two.Paths[j++];
                k++;
            }
            return new(sums[..k], paths[..k]);
        }

        long[] Sums { get; } = sums;

        double[] Paths { get; } = paths;

        public Table Plus(long step) => new(Array.ConvertAll(Sums, s => s + step), Paths);

        /// <summary>The share of paths with at least this sum; never 0, because a tied sample can exceed what distinct values reach.</summary>
        public double ShareFrom(long threshold)
        {
            double above = 0, all = 0;
            for (var i = 0; i < Sums.Length; i++)
            {
                all += Paths[i];
                if (Sums[i] >= threshold) above += Paths[i];
            }
            return Math.Max(above, Paths[^1]) / all;
        }
    }
}
