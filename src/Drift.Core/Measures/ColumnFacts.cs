namespace Drift;

/// <summary>What a profile tells about a single column, without another side.</summary>
static class ColumnFacts
{
    /// <summary>Whether all values (neither null nor NaN) are one and the same; a column without a value is not constant.</summary>
    public static bool IsConstant(ColumnProfile column)
    {
        if (column.Histogram is { } histogram)
        {
            if (histogram.NegativeInfinity + histogram.PositiveInfinity > 0)
                return histogram.Moments.N == 0 && (histogram.NegativeInfinity == 0 || histogram.PositiveInfinity == 0);
            return histogram.Moments.N > 0 && histogram.Moments.Min == histogram.Moments.Max;
        }
        var categories = column.Categories!;
        var values = categories.Values;
        foreach (var count in categories.Counts)
            if (count == values && values > 0) return true;
        return false; // two unseen values cannot be told apart: they are not called constant
    }

    /// <summary>How many different categories occur, as far as the profile knows: unseen ones count as one. NaN for numbers, whose values the profile does not keep.</summary>
    public static double Distinct(ColumnProfile column, bool isReference)
    {
        if (column.Categories is not { } categories) return double.NaN;
        if (isReference) return categories.Vocabulary.Distinct;
        var distinct = (categories.Other > 0 ? 1 : 0) + (categories.Unseen > 0 ? 1 : 0);
        foreach (var count in categories.Counts)
            if (count > 0) distinct++;
        return distinct;
    }
}
