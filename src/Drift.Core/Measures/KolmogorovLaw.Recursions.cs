namespace Drift;

static partial class KolmogorovLaw
{
    const int ScaleBits = 128;
    static readonly double big = Math.ScaleB(1, ScaleBits);
    static readonly double small = Math.ScaleB(1, -ScaleBits);

    /// <summary>P(D_n &lt;= d) as the middle cell of the n-th power of Durbin's matrix (Marsaglia, Tsang and Wang 2003), with the power of two kept apart.</summary>
    static double DurbinMatrix(int n, double d)
    {
        var nd = n * d;
        var k = (int)Math.Ceiling(nd);
        var m = 2 * k - 1;
        var matrix = DurbinStart(m, k - nd);
        var power = new double[m * m];
        for (var i = 0; i < m; i++) power[i * m + i] = 1;
        var scratch = new double[m * m];
        int exponent = 0, matrixExponent = 0, middle = (k - 1) * m + k - 1;
        for (var left = n; left > 0; left >>= 1)
        {
            if ((left & 1) == 1)
            {
                Multiply(power, matrix, scratch, m);
                (power, scratch) = (scratch, power);
                exponent += matrixExponent;
            }
            Multiply(matrix, matrix, scratch, m);
            (matrix, scratch) = (scratch, matrix);
            matrixExponent *= 2;
            if (Math.Abs(matrix[middle]) > big)
            {
                for (var i = 0; i < matrix.Length; i++) matrix[i] *= small;
                matrixExponent += ScaleBits;
            }
        }
        var p = power[middle];
        for (var i = 1; i <= n; i++)
        {
            p = i * p / n;
            if (Math.Abs(p) >= small) continue;
            p *= big;
            exponent -= ScaleBits;
        }
        return Math.Clamp(Math.ScaleB(p, exponent), 0, 1);
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
        for (var i = 0; i < m; i++)
        {
            var v = i < m - 1
                ? (1 - Math.Pow(h, i + 1)) * factorial[i + 1]
                : (1 + Math.Pow(Math.Max(2 * h - 1, 0), m) - 2 * Math.Pow(h, m)) * factorial[m];
            matrix[i * m] = v;
            matrix[(m - 1) * m + (m - 1 - i)] = v;
        }
        return matrix;
    }

    static void Multiply(double[] a, double[] b, double[] result, int m)
    {
        Array.Clear(result);
        for (var i = 0; i < m; i++)
        {
            var row = result.AsSpan(i * m, m);
            for (var k = 0; k < m; k++)
            {
                var factor = a[i * m + k];
                if (factor == 0) continue;
                var other = b.AsSpan(k * m, m);
                for (var j = 0; j < row.Length; j++) row[j] += factor * other[j];
            }
        }
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
