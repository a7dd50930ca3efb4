using System.Numerics;

namespace Drift;

/// <summary>How well probabilities kept their promise: ten equal cells of [0, 1], the last closed; what lies outside joins the ends.</summary>
/// <remarks>ece = sum over cells of (rows in the cell / rows) |share of positives - mean probability| (Naeini et al. 2015).</remarks>
public sealed class CalibrationCurve : IAdditionOperators<CalibrationCurve, CalibrationCurve, CalibrationCurve>
{
    /// <summary>The number of cells.</summary>
    public const int Cells = 10;

    readonly long[] rows;
    readonly long[] positives;
    readonly double[] sums;

    internal CalibrationCurve(long[] rows, long[] positives, double[] sums) => (this.rows, this.positives, this.sums) = (rows, positives, sums);

    /// <summary>The curve of nothing: the identity of +.</summary>
    public static CalibrationCurve Empty { get; } = new(new long[Cells], new long[Cells], new double[Cells]);

    /// <summary>Rows per cell.</summary>
    public ReadOnlySpan<long> Rows => rows;

    /// <summary>Positives per cell.</summary>
    public ReadOnlySpan<long> Positives => positives;

    /// <summary>The sum of the probabilities per cell.</summary>
    public ReadOnlySpan<double> Sums => sums;

    /// <summary>The curve of a sample; NaN is passed over.</summary>
    public static CalibrationCurve Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positive)
    {
        var (rows, positives, sums) = (new long[Cells], new long[Cells], new double[Cells]);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (double.IsNaN(probabilities[i])) continue;
            var cell = CellOf(probabilities[i]);
            rows[cell]++;
            sums[cell] += probabilities[i];
            if (positive[i]) positives[cell]++;
        }
        return new(rows, positives, sums);
    }

    /// <summary>The expected calibration error, 0 to 1; NaN without rows.</summary>
    public double Error
    {
        get
        {
            double error = 0, all = 0;
            for (var i = 0; i < Cells; i++)
            {
                error += Math.Abs(positives[i] - sums[i]);
                all += rows[i];
            }
            return all == 0 ? double.NaN : error / all;
        }
    }

    /// <summary>Both sides together.</summary>
    public static CalibrationCurve operator +(CalibrationCurve left, CalibrationCurve right) => new(
        [.. left.rows.Zip(right.rows, (a, b) => a + b)], [.. left.positives.Zip(right.positives, (a, b) => a + b)], [.. left.sums.Zip(right.sums, (a, b) => a + b)]);

    internal static int CellOf(double probability) => (int)Math.Clamp(probability * Cells, 0, Cells - 1);
}
