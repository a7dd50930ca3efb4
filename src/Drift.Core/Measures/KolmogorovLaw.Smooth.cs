namespace Drift;

static partial class KolmogorovLaw
{
    /// <summary>From this n on, sums over n terms are replaced by integrals of the same smooth function, and powers of Durbin's matrix by its largest eigenvalue.</summary>
    const int LargeFrom = 600;

    /// <summary>
    /// P(D_n+ > d) for large n: the sum of Birnbaum and Tingey as an integral, by the trapezoidal rule in u with j/n = (1 - d) (1 + tanh u) / 2.
    /// </summary>
    /// <remarks>
    /// The terms are a smooth function of j that vanishes with all derivatives at both ends, so sum and integral agree to e^-(z sqrt(2 pi n) - 2 z^2), z = d sqrt(n): below rounding
    /// from n = 600 on. In u the function is close to exp(-2 z^2 cosh^2 u), for which two dozen points give all digits.
    /// </remarks>
    static double OneSidedIntegral(long n, double d)
    {
        var square = n * d * d;
        // Of exp(-2 z^2 cosh^2 u) the rule's error is e^(-pi^2 / h + 2 z^2) for small z and e^(-pi^2 / (2 z^2 h^2)) for large z; the true function wants a step 0.6 as long.
        var step = 0.6 * Math.Min(Math.PI * Math.PI / (38 + 2 * square), Math.PI / Math.Sqrt(2 * 38 * square));
        var sum = Term(0);
        for (var side = -1; side <= 1; side += 2)
            for (var i = 1; i < 1000; i++)
            {
                var term = Term(side * i * step);
                sum += term;
                if (term <= sum * 1e-17) break;
            }
        return Math.Min(1, d * sum * step * n);

        double Term(double u)
        {
            double up = Math.Exp(u), down = 1 / up, left = (1 - d) * up / (up + down), q = (1 - d) * down / (up + down), p = d + left;
            return SpecialFunctions.BinomialProbability(n * left, n * (q + d), p, q) / p * (2 * left * q / (1 - d));
        }
    }

    /// <summary>P(D_n &lt;= d) for large n and small d: the n-th power of Durbin's matrix is that of its largest eigenvalue, the others having died out.</summary>
    /// <remarks>
    /// The matrix is persymmetric, so the left eigenvector is the right one backwards, and it is Hessenberg, so a step of the Rayleigh iteration costs m^2. With z = d sqrt(n) at most 0.43
    /// the next eigenvalue's share is e^(-3 pi^2 / (8 z^2)), under 1e-8 of a probability that is itself under 0.02.
    /// </remarks>
    internal static double DurbinEigenvalue(int n, double d)
    {
        var nd = n * d;
        var k = (int)Math.Ceiling(nd);
        var m = 2 * k - 1;
        var matrix = DurbinStart(m, k - nd);
        double[] vector = new double[m], next = new double[m], work = new double[m * m];
        for (var i = 0; i < m; i++) vector[i] = Math.Sin(Math.PI * (i + 1) / (m + 1));
        // Brownian motion in a strip: lambda^n n!/n^n is about exp(-pi^2 / (8 z^2)).
        var (scale, power) = FactorialShare(n);
        var logShare = Math.Log(scale) + power * Math.Log(2);
        var value = Math.Exp((-logShare - Math.PI * Math.PI / (8 * nd * d)) / n);
        for (var round = 0; round < 12; round++)
        {
            if (!SolveShifted(matrix, value, vector, next, work, m)) break; // the shift is the eigenvalue to the last bit
            double along = 0, norm = 0;
            for (var i = 0; i < m; i++)
            {
                along += vector[m - 1 - i] * vector[i];
                norm += vector[m - 1 - i] * next[i];
            }
            var change = along / norm; // (H - s)^-1 v = v / (lambda - s)
            var size = 0.0;
            foreach (var x in next) size = Math.Max(size, Math.Abs(x));
            for (var i = 0; i < m; i++) vector[i] = next[i] / size;
            value += change;
            if (Math.Abs(change) <= 1e-8 * value) break; // the next step would be the third power of that
        }
        var overlap = 0.0;
        for (var i = 0; i < m; i++) overlap += vector[i] * vector[m - 1 - i];
        return Math.Clamp(Math.Exp(n * Math.Log(value) + logShare) * vector[k - 1] * vector[k - 1] / overlap, 0, 1);
    }

    /// <summary>Solves (H - shift) x = b for a lower Hessenberg H, last column first, with pivoting between neighbouring columns; false where a pivot vanishes.</summary>
    static bool SolveShifted(double[] matrix, double shift, double[] b, double[] x, double[] work, int m)
    {
        Array.Copy(matrix, work, m * m);
        for (var i = 0; i < m; i++) work[i * m + i] -= shift;
        // Above the superdiagonal all is 0. Eliminate it from the last row's side: row i loses its entry in column i + 1 to row i + 1.
        Array.Copy(b, x, m);
        for (var i = m - 2; i >= 0; i--)
        {
            Span<double> upper = work.AsSpan(i * m, i + 2), lower = work.AsSpan((i + 1) * m, i + 2);
            if (Math.Abs(upper[i + 1]) > Math.Abs(lower[i + 1]))
            {
                for (var j = 0; j < upper.Length; j++) (upper[j], lower[j]) = (lower[j], upper[j]);
                (x[i], x[i + 1]) = (x[i + 1], x[i]);
            }
            if (lower[i + 1] == 0) return false;
            var factor = upper[i + 1] / lower[i + 1];
            AddScaled(upper, -factor, lower);
            x[i] -= factor * x[i + 1];
        }
        // Now lower triangular: forward.
        for (var i = 0; i < m; i++)
        {
            var sum = x[i];
            for (var j = 0; j < i; j++) sum -= work[i * m + j] * x[j];
            if (work[i * m + i] == 0) return false;
            x[i] = sum / work[i * m + i];
        }
        return true;
    }
}
