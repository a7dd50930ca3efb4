using System.Numerics;

namespace Drift;

static partial class KolmogorovLaw
{
    const int ScaleBits = 128;
    static readonly double big = Math.ScaleB(1, ScaleBits);
    static readonly double small = Math.ScaleB(1, -ScaleBits);

    /// <summary>P(D_n &lt;= d) as the middle cell of the n-th power of Durbin's matrix (Marsaglia, Tsang and Wang 2003), with the power of two kept apart.</summary>
    /// <remarks>
    /// Only one row of the power is needed. A row times a matrix costs m^2, a square m^3: the matrix is squared until at most m row products remain.
    /// </remarks>
    internal static double DurbinMatrix(int n, double d)
    {
        var nd = n * d;
        var k = (int)Math.Ceiling(nd);
        var m = 2 * k - 1;
        double[] matrix = DurbinStart(m, k - nd), scratch = new double[m * m], row = new double[m], next = new double[m];
        int exponent = 0, matrixExponent = 0, left = n;
        row[k - 1] = 1;
        for (; left > m; left >>= 1)
        {
            if ((left & 1) == 1) Apply();
            Multiply(matrix, matrix, scratch, m);
            (matrix, scratch) = (scratch, matrix);
            matrixExponent *= 2;
            if (Math.Abs(matrix[(k - 1) * m + k - 1]) > big)
            {
                for (var i = 0; i < matrix.Length; i++) matrix[i] *= small;
                matrixExponent += ScaleBits;
            }
        }
        for (; left > 0; left--) Apply();
        var (scale, power) = FactorialShare(n);
        return Math.Clamp(Math.ScaleB(row[k - 1] * scale, exponent + power), 0, 1);

        void Apply()
        {
            MultiplyRow(row, matrix, next, m);
            (row, next) = (next, row);
            exponent += matrixExponent;
            if (Math.Abs(row[k - 1]) <= big) return;
            for (var i = 0; i < m; i++) row[i] *= small;
            exponent += ScaleBits;
        }
    }

    /// <summary>n! / n^n as a number near 1 times a power of two.</summary>
    static (double Scale, int Power) FactorialShare(int n)
    {
        if (n <= 140)
        {
            var share = 1.0;
            for (var i = 1; i <= n; i++) share *= (double)i / n;
            return (share, 0);
        }
        // Stirling: sqrt(2 pi n) e^(error - n), with e^-n = 2^-whole e^-rest.
        var whole = Math.Floor(n / Math.Log(2));
        return (Math.Sqrt(2 * Math.PI * n) * Math.Exp(SpecialFunctions.StirlingError(n) - (n - whole * Math.Log(2))), -(int)whole);
    }

    static double[] DurbinStart(int m, double h)
    {
        var matrix = new double[m * m];
        var factorial = new double[m + 1];
        factorial[0] = 1;
        for (var i = 1; i <= m; i++) factorial[i] = factorial[i - 1] / i;
        for (var i = 0; i < m; i++)
            for (var j = 1; j < m; j++)
                if (i - j + 1 >= 0) matrix[i * m + j] = factorial[i - j + 1];
        var power = h;
        for (var i = 0; i < m; i++, power *= h)
        {
            var v = i < m - 1
                ? (1 - power) * factorial[i + 1]
                : (1 + Math.Pow(Math.Max(2 * h - 1, 0), m) - 2 * power) * factorial[m];
            matrix[i * m] = v;
            matrix[(m - 1) * m + (m - 1 - i)] = v;
        }
        return matrix;
    }

    static void Multiply(double[] a, double[] b, double[] result, int m)
    {
        for (var i = 0; i < m; i++) MultiplyRow(a.AsSpan(i * m, m), b, result.AsSpan(i * m, m), m);
    }

    static void MultiplyRow(ReadOnlySpan<double> row, double[] matrix, Span<double> result, int m)
    {
        result.Clear();
        for (var k = 0; k < m; k++)
            if (row[k] != 0) AddScaled(result, row[k], matrix.AsSpan(k * m, m));
    }

    /// <summary>result += factor * row, the loop that all the time goes into.</summary>
    static void AddScaled(Span<double> result, double factor, ReadOnlySpan<double> row)
    {
        var j = 0;
        var scale = Vector.Create(factor);
        for (; j <= result.Length - Vector<double>.Count; j += Vector<double>.Count)
            (Vector.Create<double>(result[j..]) + scale * Vector.Create(row[j..])).CopyTo(result[j..]);
        for (; j < result.Length; j++) result[j] += factor * row[j];
    }

    /// <summary>P(D_n &lt;= d) by Pomeranz' recursion (1974): each row is the row before, convolved with Poisson weights, cut to the cells inside the band.</summary>
    static double Pomeranz(int n, double d)
    {
        var t = n * d;
        var whole = (int)Math.Floor(t);
        var fraction = t - whole;
        var g = Math.Min(fraction, 1 - fraction);
        int up = fraction > 0 ? 1 : 0, round = fraction > 0.5 ? 1 : 0, length = 2 * (whole + 1);
        var edge = PowersOverFactorial(g / n, length);
        var twice = PowersOverFactorial(2 * g / n, length);
        var rest = PowersOverFactorial((1 - 2 * g) / n, length);
        // Rows are held by absolute column: n + 1 columns are few (n <= 140).
        double[] current = new double[n + 1], previous = new double[n + 1];
        current[0] = 1;
        var exponent = 0;
        var (first, last) = Band(0, n, whole, up, round);
        for (var i = 1; i < 2 * n + 2; i++)
        {
            var from = first;
            (previous, current) = (current, previous);
            Array.Clear(current);
            var before = last;
            (first, last) = Band(i, n, whole, up, round);
            var weights = i == 1 || i == 2 * n + 1 ? edge : i % 2 == 1 ? twice : rest;
            var greatest = 0.0;
            for (var j = first; j <= last; j++)
            {
                var sum = 0.0;
                for (var k = from; k <= Math.Min(j, before); k++)
                    if (j - k < weights.Length) sum += previous[k] * weights[j - k];
                current[j] = sum;
                greatest = Math.Max(greatest, sum);
            }
            if (greatest is <= 0 || greatest >= small) continue;
            for (var j = first; j <= last; j++) current[j] *= big;
            exponent -= ScaleBits;
        }
        var p = current[n];
        for (var i = 1; i <= n; i++)
        {
            if (Math.Abs(p) > big)
            {
                p *= small;
                exponent += ScaleBits;
            }
            p *= i;
        }
        return Math.Clamp(Math.ScaleB(p, exponent), 0, 1);
    }

    static double[] PowersOverFactorial(double x, int length)
    {
        var powers = new double[length];
        powers[0] = 1;
        for (var i = 1; i < length; i++) powers[i] = powers[i - 1] * x / i;
        return powers;
    }

    // The columns of row i that paths inside the band can reach.
    static (int First, int Last) Band(int i, int n, int whole, int up, int round)
    {
        int first, last, half = (i + 1) / 2;
        if (i == 0)
        {
            first = -whole - up - 1;
            last = whole + up - 1;
        }
        else if ((i + 1) % 2 == 1)
        {
            first = half - 1 - whole - 1;
            last = half + whole + round - 1;
        }
        else if (half == n + 1)
        {
            first = n - whole - up - 1;
            last = n + whole + up - 1;
        }
        else
        {
            first = half - 1 - whole - round - 1;
            last = half + whole - 1 + up - 1;
        }
        return (Math.Max(first + 2, 0), Math.Min(last, n));
    }
}
