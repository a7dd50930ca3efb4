namespace Drift.Recipes;

/// <summary>One column on both sides as the recipes see it: numbers in row order, or counts over the categories of either side in ordinal order.</summary>
sealed class RecipeColumn
{
    readonly int[] referenceRows = [];

    RecipeColumn(ColumnSpec spec) => Spec = spec;

    /// <summary>A numeric column's values that are neither null nor NaN.</summary>
    public RecipeColumn(ColumnSpec spec, double[] reference, double[] current) : this(spec) => (Reference, Current) = (reference, current);

    /// <summary>A categorical column's rows.</summary>
    public RecipeColumn(ColumnSpec spec, CategoricalColumn reference, CategoricalColumn current) : this(spec)
    {
        Categories = [.. Used(reference).Concat(Used(current)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        referenceRows = Rows(reference);
        (ReferenceCounts, CurrentCounts) = (Count(referenceRows), Count(Rows(current)));
    }

    /// <summary>A categorical column's counts, where there are no rows.</summary>
    public RecipeColumn(ColumnSpec spec, string[] categories, long[] reference, long[] current) : this(spec) =>
        (Categories, ReferenceCounts, CurrentCounts) = (categories, reference, current);

    public ColumnSpec Spec { get; }

    public bool IsNumeric => Spec.Kind == ColumnKind.Numeric;

    public double[] Reference { get; } = [];

    public double[] Current { get; } = [];

    public string[] Categories { get; } = [];

    public long[] ReferenceCounts { get; } = [];

    public long[] CurrentCounts { get; } = [];

    public long ReferenceSize => IsNumeric ? Reference.Length : ReferenceCounts.Sum();

    public long CurrentSize => IsNumeric ? Current.Length : CurrentCounts.Sum();

    /// <summary>Distinct values of both sides together.</summary>
    public int Distinct => IsNumeric ? Values.Reference.Length : Categories.Length;

    /// <summary>Counts per distinct value: the categories, or a numeric column's values as if they were.</summary>
    public (long[] Reference, long[] Current) Values => IsNumeric
        ? NumpyHistogram.PerValue([.. Reference.Order()], [.. Current.Order()])
        : (ReferenceCounts, CurrentCounts);

    /// <summary>A part of the reference's rows in the place of the current side; null where only counts are at hand.</summary>
    public RecipeColumn? Chunk(int index, int chunks)
    {
        var rows = IsNumeric ? Reference.Length : referenceRows.Length;
        int from = (int)((long)rows * index / chunks), to = (int)((long)rows * (index + 1) / chunks);
        if (to == from) return null;
        return IsNumeric ? new(Spec, Reference, Reference[from..to]) : new(Spec, Categories, ReferenceCounts, Count(referenceRows[from..to]));
    }

    static IEnumerable<string> Used(CategoricalColumn column)
    {
        for (var row = 0; row < column.Length; row++)
            if (column[row] is { } value) yield return value;
    }

    int[] Rows(CategoricalColumn column)
    {
        var codes = column.Dictionary.Select(value => Array.BinarySearch(Categories, value, StringComparer.Ordinal)).ToArray();
        return [.. column.Codes.ToArray().Where(code => code >= 0).Select(code => codes[code])];
    }

    long[] Count(int[] rows)
    {
        var counts = new long[Categories.Length];
        foreach (var row in rows) counts[row]++;
        return counts;
    }
}
