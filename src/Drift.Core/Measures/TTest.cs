namespace Drift;

/// <summary>The t test of equal means.</summary>
/// <remarks>
/// Welch: t = (mean(x) - mean(y)) / sqrt(s2(x)/n + s2(y)/m), degrees of freedom by Welch and Satterthwaite; Student: pooled variance, n + m - 2. The
/// p-value assumes independent draws and near-normal means (Student also equal variances). NaN values are left out; an infinity or fewer than
/// two values on a side give NaN; no variance on either side gives t = +-infinity and p = 0 for different constants, NaN for the same
/// constant (as scipy). Means are kept in twice the precision, so that a small difference at an offset of 1e6 keeps its digits. Source: B. Welch 1947. Default threshold: p &lt; 0.01.
/// </remarks>
public static class TTest
{
    /// <summary>Welch's test, which does not assume equal variances.</summary>
    public static TwoSampleTest Welch(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (a, b) = (Moments(x), Moments(y));
        if (a.N < 2 || b.N < 2) return TwoSampleTest.NotApplicable;
        double first = a.Squares / (a.N - 1) / a.N, second = b.Squares / (b.N - 1) / b.N, error = first + second;
        var t = Difference(a, b) / Math.Sqrt(error);
        if (error == 0) return double.IsNaN(t) ? TwoSampleTest.NotApplicable : new(t, 0);
        // As shares of their sum, the variances cannot overflow or vanish when squared.
        double share = first / error, rest = second / error;
        return Outcome(t, 1 / (share * share / (a.N - 1) + rest * rest / (b.N - 1)));
    }

    /// <summary>Student's test, which assumes equal variances.</summary>
    public static TwoSampleTest Student(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (a, b) = (Moments(x), Moments(y));
        if (a.N < 2 || b.N < 2) return TwoSampleTest.NotApplicable;
        var variance = (a.Squares + b.Squares) / (a.N + b.N - 2);
        var t = Difference(a, b) / Math.Sqrt(variance * (1 / a.N + 1 / b.N));
        if (variance == 0) return double.IsNaN(t) ? TwoSampleTest.NotApplicable : new(t, 0);
        return Outcome(t, a.N + b.N - 2);
    }

    static TwoSampleTest Outcome(double t, double degrees) =>
        double.IsNaN(t) || double.IsNaN(degrees) ? TwoSampleTest.NotApplicable : new(t, SpecialFunctions.StudentTwoSided(t, degrees));

    static double Difference((double N, double Mean, double Tail, double Squares) a, (double N, double Mean, double Tail, double Squares) b) =>
        a.Mean - b.Mean + (a.Tail - b.Tail);

    // The mean is Mean + Tail: what the division rounded away shows in the sum of deviations.
    static (double N, double Mean, double Tail, double Squares) Moments(ReadOnlySpan<double> values)
    {
        var total = new CompensatedSum();
        var n = 0;
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            n++;
            total.Add(value);
        }
        var mean = total.Value / n;
        CompensatedSum squares = new(), deviations = new();
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            var deviation = value - mean;
            squares.Add(deviation * deviation);
            deviations.Add(deviation);
        }
        var rest = deviations.Value / n;
        return (n, mean, rest, Math.Max(0, squares.Value - deviations.Value * rest));
    }
}
