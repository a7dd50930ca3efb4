using System.Globalization;

namespace Drift;

/// <summary>By what a comparison calls a value drift.</summary>
public sealed record ThresholdRule
{
    ThresholdRule() { }

    /// <summary>Significant after adjustment, and over the effect floor: Drift's own rule, which holds its level whatever the sizes.</summary>
    public static ThresholdRule Significance { get; } = new();

    /// <summary>Over one value, whatever the sizes; of a test the statistic. For measures whose scale is known, and for teams that have such a number.</summary>
    public static ThresholdRule Constant(double value) => double.IsNaN(value) ? throw new ArgumentOutOfRangeException(nameof(value), "a threshold is a number") : new() { Value = value };

    /// <summary>Outside mean and <paramref name="width"/> standard deviations (ddof 0) of the measure over the reference's own chunks.</summary>
    /// <remarks>
    /// Distances and distance-like statistics have the upper limit alone; rates, facts and signed statistics both. The chunks should be as large as the windows that are judged: most distances shrink with
    /// the rows. With ten chunks and no drift about 1 value in 40 lies outside 3 deviations, so this is a rule for looking, not for waking people. Source: NannyML.
    /// </remarks>
    public static ThresholdRule Chunks(double width = ChunkBaseline.Width) => width > 0 && double.IsFinite(width) ? new() { Width = width } : throw new ArgumentOutOfRangeException(nameof(width), width, "a number above 0");

    /// <summary>The constant; null for the other rules.</summary>
    public double? Value { get; private init; }

    /// <summary>How many deviations to each side are ordinary; null for the other rules.</summary>
    public double? Width { get; private init; }

    /// <summary>The rule of a name: <c>significance</c>, <c>chunks</c>, <c>chunks:K</c> or a number; null when it is none.</summary>
    public static ThresholdRule? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool Number(string part, out double value) => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        if (text == "significance") return Significance;
        if (text == "chunks") return Chunks();
        if (text.StartsWith("chunks:", StringComparison.Ordinal)) return Number(text["chunks:".Length..], out var width) && width > 0 ? Chunks(width) : null;
        return Number(text, out var constant) ? Constant(constant) : null;
    }
}
