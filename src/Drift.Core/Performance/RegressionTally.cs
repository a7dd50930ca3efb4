using System.Numerics;

namespace Drift;

/// <summary>Realised performance of a regression, mergeable.</summary>
/// <remarks>
/// With e = prediction - truth: mse = mean e^2, rmse its root, mae = mean |e|, bias = mean e, mape = mean |e / truth| as a fraction over the rows whose
/// truth is not 0 (the others are counted), r2 = 1 - sum e^2 / sum (truth - mean truth)^2 (a constant truth: 1 when met exactly, else 0; fewer than
/// two rows: not defined), msle and rmsle on ln(1 + x), not defined where a value is negative. Rows with NaN or an infinity are unlabelled.
/// </remarks>
public sealed record RegressionTally : IAdditionOperators<RegressionTally, RegressionTally, RegressionTally>, IPerformanceTally
{
    /// <summary>The tally of nothing: the identity of +.</summary>
    public static RegressionTally Empty { get; } = new();

    /// <inheritdoc/>
    public long Rows { get; init; }

    /// <inheritdoc/>
    public long Labelled { get; init; }

    /// <summary>The moments of the truth of the rows that count.</summary>
    public Moments Truth { get; init; } = Moments.Empty;

    /// <summary>The moments of the errors.</summary>
    public Moments Errors { get; init; } = Moments.Empty;

    /// <summary>The sum of the absolute errors.</summary>
    public double AbsoluteSum { get; init; }

    /// <summary>The sum of the absolute relative errors.</summary>
    public double RelativeSum { get; init; }

    /// <summary>Rows whose truth is 0, which have no relative error.</summary>
    public long ZeroTruths { get; init; }

    /// <summary>The sum of the squared differences of ln(1 + x).</summary>
    public double LogSquareSum { get; init; }

    /// <summary>Rows with a negative truth or prediction, which have no logarithmic error.</summary>
    public long Negative { get; init; }

    /// <summary>The tally of labelled rows.</summary>
    /// <exception cref="ArgumentException">The sides differ in length.</exception>
    public static RegressionTally Of(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        if (truth.Length != predicted.Length) throw new ArgumentException($"{truth.Length} truths for {predicted.Length} predictions", nameof(predicted));
        var counter = new RegressionCounter();
        for (var i = 0; i < truth.Length; i++) counter.Add(truth[i], predicted[i]);
        return counter.ToTally();
    }

    /// <summary>Both sides together.</summary>
    public static RegressionTally operator +(RegressionTally left, RegressionTally right) => new()
    {
        Rows = left.Rows + right.Rows,
        Labelled = left.Labelled + right.Labelled,
        Truth = left.Truth + right.Truth,
        Errors = left.Errors + right.Errors,
        AbsoluteSum = left.AbsoluteSum + right.AbsoluteSum,
        RelativeSum = left.RelativeSum + right.RelativeSum,
        ZeroTruths = left.ZeroTruths + right.ZeroTruths,
        LogSquareSum = left.LogSquareSum + right.LogSquareSum,
        Negative = left.Negative + right.Negative,
    };

    /// <summary>The mean squared error.</summary>
    public double Mse => Errors.N == 0 ? double.NaN : Errors.M2 / Errors.N + Errors.Mean * Errors.Mean;

    /// <summary>The coefficient of determination.</summary>
    public double R2 => Errors.N < 2 ? double.NaN : Truth.M2 > 0 ? 1 - Mse * Errors.N / Truth.M2 : Mse == 0 ? 1 : 0;

    /// <summary>The mean squared logarithmic error.</summary>
    public double Msle => Errors.N == 0 || Negative > 0 ? double.NaN : LogSquareSum / Errors.N;

    /// <inheritdoc/>
    public IReadOnlyList<PerformanceValue> Values()
    {
        var n = Errors.N;
        var reason = n == 0 ? "no row has both truth and prediction" : null;
        var negative = reason ?? (Negative > 0 ? $"{Negative} rows are negative" : null);
        return
        [
            new("mse", Mse, n) { Reason = reason },
            new("rmse", Math.Sqrt(Mse), n) { Reason = reason },
            new("mae", n == 0 ? double.NaN : AbsoluteSum / n, n) { Reason = reason },
            new("r2", R2, n) { Reason = n < 2 ? "fewer than two rows" : null },
            new("mape", n == ZeroTruths ? double.NaN : RelativeSum / (n - ZeroTruths), n - ZeroTruths) { Reason = n == ZeroTruths ? reason ?? "every truth is 0" : null, Numbers = ZeroTruths > 0 ? [new("zero_truth", ZeroTruths)] : null },
            new("bias", n == 0 ? double.NaN : Errors.Mean, n) { Reason = reason },
            new("msle", Msle, n) { Reason = negative },
            new("rmsle", Math.Sqrt(Msle), n) { Reason = negative },
        ];
    }
}

/// <summary>Counts rows into a <see cref="RegressionTally"/>.</summary>
public sealed class RegressionCounter
{
    readonly List<double> truths = [];
    readonly List<double> errors = [];
    long rows, labelled, zero, negative;
    double absolute, relative, logSquare;

    /// <summary>Counts one row; null or not finite means unknown.</summary>
    public void Add(double? truth, double? predicted)
    {
        rows++;
        if (truth is not { } was || !double.IsFinite(was)) return;
        labelled++;
        if (predicted is not { } said || !double.IsFinite(said)) return;
        var error = said - was;
        truths.Add(was);
        errors.Add(error);
        absolute += Math.Abs(error);
        if (was == 0) zero++;
        else relative += Math.Abs(error / was);
        if (was < 0 || said < 0) negative++;
        else logSquare += Math.Pow(SpecialFunctions.Log1p(said) - SpecialFunctions.Log1p(was), 2);
    }

    /// <summary>What was counted.</summary>
    public RegressionTally ToTally() => new()
    {
        Rows = rows,
        Labelled = labelled,
        Truth = Moments.Of([.. truths]),
        Errors = Moments.Of([.. errors]),
        AbsoluteSum = absolute,
        RelativeSum = relative,
        ZeroTruths = zero,
        LogSquareSum = logSquare,
        Negative = negative,
    };
}
