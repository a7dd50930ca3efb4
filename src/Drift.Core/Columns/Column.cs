namespace Drift;

/// <summary>One column of a <see cref="Table"/>: values in memory, Arrow's layout.</summary>
public abstract class Column
{
    private protected Column(ColumnSpec spec, int length) => (Spec, Length) = (spec, length);

    /// <summary>What the column is.</summary>
    public ColumnSpec Spec { get; }

    /// <summary>How many rows it has.</summary>
    public int Length { get; }

    /// <summary>How many cells held a value of another type; those cells are null.</summary>
    public long Mismatched { get; init; }

    /// <summary>Whether a cell is null.</summary>
    public abstract bool IsNull(int row);

    /// <summary>The same values under another spec (for example with another role).</summary>
    public abstract Column With(ColumnSpec spec);

    internal abstract Column Slice(int start, int length);

    internal abstract Column Take(ReadOnlySpan<int> rows);
}

/// <summary>Numbers; NaN is a value, null is the validity bit 0.</summary>
public sealed class NumericColumn : Column
{
    readonly int offset;

    /// <summary>Creates a column.</summary>
    /// <param name="spec">What the column is.</param>
    /// <param name="values">One number per row; the number under a null is never read.</param>
    /// <param name="validity">Arrow's bitmap; empty when nothing is null.</param>
    /// <param name="validityOffset">The bit of the first row.</param>
    public NumericColumn(ColumnSpec spec, ReadOnlyMemory<double> values, ReadOnlyMemory<byte> validity = default, int validityOffset = 0) : base(spec, values.Length)
    {
        Drift.Validity.Check(validity.Span, validityOffset, values.Length);
        (Values, Validity, offset) = (values, validity, validityOffset);
    }

    /// <summary>The numbers.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>The validity bitmap; its first row is bit <see cref="ValidityOffset"/>.</summary>
    public ReadOnlyMemory<byte> Validity { get; }

    /// <summary>The bit of the first row.</summary>
    public int ValidityOffset => offset;

    /// <inheritdoc/>
    public override bool IsNull(int row) => !Drift.Validity.IsValid(Validity.Span, offset + row);

    /// <inheritdoc/>
    public override Column With(ColumnSpec spec) => new NumericColumn(spec, Values, Validity, offset) { Mismatched = Mismatched };

    /// <summary>The values that are neither null nor NaN, in row order: what a raw-sample test takes.</summary>
    public double[] Sample()
    {
        var sample = new double[Length];
        var count = 0;
        var values = Values.Span;
        var bits = Validity.Span;
        for (var i = 0; i < values.Length; i++)
            if (Drift.Validity.IsValid(bits, offset + i) && !double.IsNaN(values[i])) sample[count++] = values[i];
        return count == sample.Length ? sample : sample[..count];
    }

    internal override Column Slice(int start, int length) => new NumericColumn(Spec, Values.Slice(start, length), Validity, offset + start);

    internal override Column Take(ReadOnlySpan<int> rows)
    {
        var values = new double[rows.Length];
        var picked = rows.ToArray();
        for (var i = 0; i < picked.Length; i++) values[i] = Values.Span[picked[i]];
        return new NumericColumn(Spec, values, Validity.IsEmpty ? default : Drift.Validity.Of(picked.Length, i => !IsNull(picked[i])));
    }
}

/// <summary>Categories: a code per row into a dictionary, -1 for null.</summary>
public sealed class CategoricalColumn : Column
{
    /// <summary>Creates a column.</summary>
    /// <param name="spec">What the column is.</param>
    /// <param name="codes">One code per row: an index into the dictionary, or -1 for null.</param>
    /// <param name="dictionary">The categories.</param>
    public CategoricalColumn(ColumnSpec spec, ReadOnlyMemory<int> codes, IReadOnlyList<string> dictionary) : base(spec, codes.Length) =>
        (Codes, Dictionary) = (codes, dictionary);

    /// <summary>The codes.</summary>
    public ReadOnlyMemory<int> Codes { get; }

    /// <summary>The categories.</summary>
    public IReadOnlyList<string> Dictionary { get; }

    /// <summary>A row's category, or null.</summary>
    public string? this[int row] => Codes.Span[row] is var code and >= 0 ? Dictionary[code] : null;

    /// <inheritdoc/>
    public override bool IsNull(int row) => Codes.Span[row] < 0;

    /// <inheritdoc/>
    public override Column With(ColumnSpec spec) => new CategoricalColumn(spec, Codes, Dictionary) { Mismatched = Mismatched };

    /// <summary>A column of text values.</summary>
    public static CategoricalColumn Of(ColumnSpec spec, IReadOnlyList<string?> values)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new int[values.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            if (values[i] is not { } text) codes[i] = -1;
            else if (!index.TryGetValue(text, out codes[i])) index.Add(text, codes[i] = index.Count);
        }
        return new(spec, codes, [.. index.Keys]);
    }

    internal override Column Slice(int start, int length) => new CategoricalColumn(Spec, Codes.Slice(start, length), Dictionary);

    internal override Column Take(ReadOnlySpan<int> rows)
    {
        var codes = new int[rows.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = Codes.Span[rows[i]];
        return new CategoricalColumn(Spec, codes, Dictionary);
    }
}
