using System.Globalization;
using Functions = MathNet.Numerics.SpecialFunctions;

namespace Drift.Core.Tests.Measures;

/// <summary>The default measures a second time, straight from the definitions, on lists of rows: slow, simple, and sharing no code with the product but the Kolmogorov law.</summary>
static class Naive
{
    public sealed record Cell(string Name, double R, double C);

    public static List<double> Edges(double[] reference, int bins = 10)
    {
        var sorted = reference.Where(double.IsFinite).Order().ToArray();
        var distinct = sorted.Distinct().ToArray();
        if (distinct.Length <= 20) return [.. distinct, Math.BitIncrement(distinct[^1])];
        var heavy = distinct.Where(v => sorted.Count(x => x == v) >= sorted.Length / (double)bins).ToArray();
        if (heavy.Length > 0) throw new NotSupportedException("the naive form covers samples without heavy values");
        var edges = new List<double>();
        for (var i = 0; i <= bins; i++)
        {
            var at = (sorted.Length - 1) * (i / (double)bins);
            int low = (int)Math.Floor(at), high = Math.Min(low + 1, sorted.Length - 1);
            var cut = sorted[low] + (sorted[high] - sorted[low]) * (at - low);
            if (edges.Count == 0 || cut > edges[^1]) edges.Add(cut);
        }
        return edges;
    }

    public static List<Cell> Cells(double?[] reference, double?[] current)
    {
        double[] r = Values(reference), c = Values(current);
        var edges = Edges(r);
        int n = r.Length, m = c.Length, last = edges.Count - 2;
        var cells = new List<Cell>();
        for (var i = 0; i <= last; i++)
        {
            bool In(double x) => x >= edges[i] && (x < edges[i + 1] || i == last && x == edges[^1]);
            cells.Add(new($"{i}", r.Count(In), c.Count(In)));
        }
        void Outside(string name, Func<double, bool> has, int? joins)
        {
            double a = r.Count(has), b = c.Count(has);
            if (TakesPart(a, n, b, m)) cells.Add(new(name, a, b));
            else if (joins is { } to) cells[to] = cells[to] with { R = cells[to].R + a, C = cells[to].C + b };
        }
        Outside("below", x => double.IsFinite(x) && x < edges[0], 0);
        Outside("above", x => double.IsFinite(x) && x > edges[^1], last);
        Outside("-inf", double.IsNegativeInfinity, null);
        Outside("+inf", double.IsPositiveInfinity, null);
        cells.RemoveAll(cell => cell.R + cell.C == 0);
        return cells;
    }

    public static List<Cell> Cells(string?[] reference, string?[] current)
    {
        string[] r = [.. reference.OfType<string>()], c = [.. current.OfType<string>()];
        var seen = r.GroupBy(x => x).Select(g => (Name: g.Key, Count: g.Count())).ToArray();
        var listed = seen.Where(x => x.Count >= 0.01 * r.Length).OrderByDescending(x => x.Count).ThenBy(x => x.Name, StringComparer.Ordinal).Take(50).Select(x => x.Name).ToHashSet();
        var known = seen.Select(x => x.Name).ToHashSet();
        var once = seen.Count(x => x.Count == 1);
        var cells = listed.Select(name => new Cell(name, r.Count(x => x == name), c.Count(x => x == name))).ToList();
        double other = r.Count(x => !listed.Contains(x)), unseen = Math.Min(once, other);
        cells.Add(new("other", other - unseen, c.Count(x => !listed.Contains(x) && known.Contains(x))));
        var fresh = c.Count(x => !known.Contains(x));
        if (TakesPart(unseen, r.Length, fresh, c.Length)) cells.Add(new("unseen", unseen, fresh));
        cells.RemoveAll(cell => cell.R + cell.C == 0);
        return cells;
    }

    static bool TakesPart(double a, int n, double b, int m) =>
        a + b > 0 && ((a + b) * Math.Min(n, m) / (n + m) >= 5 || RateP((long)a, n, (long)b, m) < 0.001);

    public static double Psi(List<Cell> cells)
    {
        double n = cells.Sum(x => x.R + 0.5), m = cells.Sum(x => x.C + 0.5);
        return cells.Sum(x => ((x.R + 0.5) / n - (x.C + 0.5) / m) * Math.Log((x.R + 0.5) / n / ((x.C + 0.5) / m)));
    }

    public static double Kl(List<Cell> cells) // current from reference
    {
        double n = cells.Sum(x => x.R + 0.5), m = cells.Sum(x => x.C + 0.5);
        return cells.Sum(x => (x.C + 0.5) / m * Math.Log((x.C + 0.5) / m / ((x.R + 0.5) / n)));
    }

    public static double K(List<Cell> cells) => 1 / cells.Sum(x => x.R) + 1 / cells.Sum(x => x.C);

    public static double PsiP(List<Cell> cells)
    {
        var pooled = Pooled(cells);
        return pooled.Count < 2 ? 1 : Chi2Survival(Psi(pooled) / K(cells), pooled.Count - 1);
    }

    /// <summary>For psi's law on more than 200 rows: of a numeric column, cells of the reference with an expected count under 5 join their neighbour.</summary>
    public static List<Cell> Pooled(List<Cell> cells)
    {
        if (Math.Max(cells.Sum(x => x.R), cells.Sum(x => x.C)) <= 200) return cells;
        double n = cells.Sum(x => x.R), m = cells.Sum(x => x.C), weight = Math.Min(n, m) / (n + m);
        var own = cells.Where(cell => int.TryParse(cell.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).ToList();
        var others = cells.Except(own).ToList();
        for (var i = own.Count - 1; i >= 0 && own.Count > 1; i--)
        {
            if ((own[i].R + own[i].C) * weight >= 5) continue;
            var to = i > 0 ? i - 1 : 1;
            own[to] = new(own[to].Name, own[to].R + own[i].R, own[to].C + own[i].C);
            own.RemoveAt(i);
        }
        return [.. own, .. others];
    }

    public static double Chi2Survival(double x, int dof) => x <= 0 ? 1 : Functions.GammaUpperRegularized(dof / 2.0, x / 2);

    public static double Js(List<Cell> cells)
    {
        double n = cells.Sum(x => x.R), m = cells.Sum(x => x.C), sum = 0;
        foreach (var cell in cells)
        {
            double p = cell.R / n, q = cell.C / m, h = (p + q) / 2;
            if (p > 0) sum += p * Math.Log2(p / h) / 2;
            if (q > 0) sum += q * Math.Log2(q / h) / 2;
        }
        return Math.Sqrt(Math.Max(0, sum));
    }

    public static (double Statistic, double P) Chi2(List<Cell> cells)
    {
        double n = cells.Sum(x => x.R), m = cells.Sum(x => x.C), sum = 0;
        foreach (var cell in cells)
        {
            double er = (cell.R + cell.C) * n / (n + m), ec = (cell.R + cell.C) * m / (n + m);
            sum += (cell.R - er) * (cell.R - er) / er + (cell.C - ec) * (cell.C - ec) / ec;
        }
        return (sum, cells.Count < 2 ? 1 : Chi2Survival(sum, cells.Count - 1));
    }

    /// <summary>The largest distance of the two distribution functions at the reference's edges, and of the functions themselves.</summary>
    public static (double AtEdges, double True) Ks(double?[] reference, double?[] current)
    {
        double[] r = Values(reference), c = Values(current);
        var edges = Edges(r);
        double Left(double[] side, double x) => Share(side, y => y < x);
        double Right(double[] side, double x) => Share(side, y => y <= x);
        double atEdges = Math.Abs(Right(r, double.NegativeInfinity) - Right(c, double.NegativeInfinity)), sup = 0;
        foreach (var edge in edges.Append(double.PositiveInfinity)) atEdges = Math.Max(atEdges, Math.Abs(Left(r, edge) - Left(c, edge)));
        atEdges = Math.Max(atEdges, Math.Abs(Right(r, edges[^1]) - Right(c, edges[^1]))); // the last cell is closed
        foreach (var x in r.Concat(c).Distinct()) sup = Math.Max(sup, Math.Abs(Right(r, x) - Right(c, x)));
        return (atEdges, sup);
    }

    static double Share(double[] side, Func<double, bool> has)
    {
        var count = 0;
        foreach (var x in side)
            if (has(x)) count++;
        return count / (double)side.Length;
    }

    public static double RateP(long k1, long n1, long k2, long n2)
    {
        double hits = k1 + k2, all = n1 + n2;
        var expected = new[] { hits * n1 / all, hits * n2 / all, (all - hits) * n1 / all, (all - hits) * n2 / all }.Min();
        if (expected >= 50)
        {
            var pooled = hits / all;
            var z = ((double)k1 / n1 - (double)k2 / n2) / Math.Sqrt(pooled * (1 - pooled) * (1.0 / n1 + 1.0 / n2));
            return Functions.Erfc(Math.Abs(z) / Math.Sqrt(2));
        }
        double low = 0, high = 0, at = 0;
        for (var k = Math.Max(0, (long)hits - n2); k <= Math.Min((long)hits, n1); k++)
        {
            var p = Math.Exp(Choose(n1, k) + Choose(n2, (long)hits - k) - Choose(n1 + n2, (long)hits));
            if (k < k1) low += p;
            else if (k > k1) high += p;
            else at = p;
        }
        return Math.Min(1, 2 * Math.Min(low + at / 2, high + at / 2));
    }

    static double Choose(long n, long k) => Functions.GammaLn(n + 1) - Functions.GammaLn(k + 1) - Functions.GammaLn(n - k + 1);

    static double[] Values(double?[] side) => [.. side.Where(x => x is { } value && !double.IsNaN(value)).Select(x => x!.Value)];

    /// <summary>Benjamini-Hochberg by its definition: the least level at which the step-up procedure rejects each hypothesis.</summary>
    public static double[] Adjust(double[] p) => [.. p.Select(x => Math.Min(1, p.Where(q => q >= x).Min(q => q * p.Length / p.Count(y => y <= q))))];
}
