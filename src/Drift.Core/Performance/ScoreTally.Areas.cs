namespace Drift;

/// <summary>A value with bounds that it certainly lies between; equal to it when the value is exact.</summary>
/// <param name="Value">The value; NaN when it is not defined.</param>
/// <param name="Lower">The least it can be.</param>
/// <param name="Upper">The most it can be.</param>
public readonly record struct BoundedValue(double Value, double Lower, double Upper)
{
    /// <summary>Whether the bounds leave nothing open.</summary>
    public bool IsExact => Lower == Upper;

    /// <summary>What is not defined.</summary>
    public static BoundedValue Undefined { get; } = new(double.NaN, double.NaN, double.NaN);
}

public sealed partial class ScoreTally
{
    /// <summary>
    /// The area under the ROC curve, 0 to 1: the share of (positive, negative) pairs in which the positive has the higher score, ties counted half
    /// (Mann and Whitney 1947). Undefined when a class is missing.
    /// </summary>
    public BoundedValue Auc()
    {
        if (Positives == 0 || Negatives == 0) return BoundedValue.Undefined;
        // In halves of a pair, so that the numerator is a whole number.
        Int128 ordered = 0, tied = 0;
        long below = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            ordered += (Int128)positives[i] * (2 * (Int128)below + negatives[i]);
            tied += (Int128)positives[i] * negatives[i];
            below += negatives[i];
        }
        var pairs = 2 * (double)Positives * Negatives;
        var open = IsExact ? 0 : tied;
        return new((double)ordered / pairs, (double)(ordered - open) / pairs, (double)(ordered + open) / pairs);
    }

    /// <summary>
    /// The area under the precision-recall curve, step-wise, 0 to 1: the sum over falling scores of precision x gain in recall (scikit-learn's
    /// average precision). 1 when there are only positives, 0 when there are only negatives, undefined without rows.
    /// </summary>
    public BoundedValue Aupr()
    {
        if (Positives == 0) return Negatives == 0 ? BoundedValue.Undefined : new(0, 0, 0);
        double area = 0, least = 0, most = 0, hits = 0, seen = 0;
        for (var i = keys.Length - 1; i >= 0; i--)
        {
            var (p, n) = (positives[i], negatives[i]);
            if (p > 0)
            {
                area += p * ((hits + p) / (seen + p + n));
                if (!IsExact)
                {
                    // At best the cell's positives come first and tied; at worst its negatives do and the positives follow one by one.
                    most += p * ((hits + p) / (seen + p));
                    for (var k = 1L; k <= p; k++) least += (hits + k) / (seen + n + k);
                }
            }
            hits += p;
            seen += p + n;
        }
        return IsExact ? new(area / Positives, area / Positives, area / Positives) : new(area / Positives, least / Positives, most / Positives);
    }
}
