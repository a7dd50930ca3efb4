using System.Text;

namespace Drift;

/// <summary>The mutable side of <see cref="ColumnProfile"/>.</summary>
abstract class ColumnBuilder(ColumnSpec spec)
{
    protected ColumnSpec Spec => spec;

    /// <summary>Rows kept in row order; 0 where the builder counts at once.</summary>
    public virtual int Rows => 0;

    public static ColumnBuilder ForReference(ColumnSpec spec, int bins, BinningRule rule, int maxCategories) =>
        spec.Kind == ColumnKind.Numeric ? new ReferenceNumbers(spec, bins, rule) : new ReferenceCategories(spec, maxCategories);

    public static ColumnBuilder ForWindow(ColumnProfile reference) =>
        reference.Histogram is { } histogram ? new WindowNumbers(reference, histogram.Binning) : new WindowCategories(reference, reference.Categories!.Vocabulary);

    public virtual void AddNumbers(ReadOnlySpan<double> values, ReadOnlySpan<byte> validity, int offset) => throw Wrong("numbers");

    protected virtual void AddNumbers(NumericColumn column) => AddNumbers(column.Values.Span, column.Validity.Span, column.ValidityOffset);

    public virtual void AddCategory(string category) => throw Wrong("categories");

    public virtual void AddCategory(ReadOnlySpan<byte> utf8) => AddCategory(Encoding.UTF8.GetString(utf8));

    public abstract void AddNull(long count);

    public abstract void AddMismatched(long count);

    public abstract ColumnProfile ToProfile(int[] order);

    public virtual void Load(ColumnProfile partial) => throw new NotSupportedException();

    public abstract void Clear();

    /// <summary>Adds a table's column; values of the other kind are mismatched.</summary>
    public void Add(Column column)
    {
        switch (column)
        {
            case NumericColumn numbers when spec.Kind == ColumnKind.Numeric:
                AddNumbers(numbers);
                break;
            case CategoricalColumn text when spec.Kind == ColumnKind.Categorical:
                AddCodes(text.Codes.Span, text.Dictionary, default, 0);
                break;
            default:
                for (var i = 0; i < column.Length; i++)
                    if (column.IsNull(i)) AddNull(1);
                    else AddMismatched(1);
                return;
        }
        Reclassify(column.Mismatched);
    }

    /// <summary>Cells of another type stand as nulls in a table; here they are counted apart.</summary>
    void Reclassify(long mismatched)
    {
        if (mismatched == 0) return;
        AddNull(-mismatched);
        AddMismatched(mismatched);
    }

    public virtual void AddCodes(ReadOnlySpan<int> codes, IReadOnlyList<string?> dictionary, ReadOnlySpan<byte> validity, int offset)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            if (Category(codes, i, dictionary, validity, offset) is { } category) AddCategory(category);
            else AddNull(1);
        }
    }

    /// <summary>Row i's category or null. A code under a null is never read; -1 is a null where there is no bitmap.</summary>
    protected static string? Category(ReadOnlySpan<int> codes, int i, IReadOnlyList<string?> dictionary, ReadOnlySpan<byte> validity, int offset)
    {
        if (!Validity.IsValid(validity, offset + i) || codes[i] == -1 && validity.IsEmpty) return null;
        if ((uint)codes[i] >= (uint)dictionary.Count) throw new ArgumentException($"code {codes[i]} of row {i} is outside the dictionary of {dictionary.Count}", nameof(codes));
        return dictionary[codes[i]];
    }

    ArgumentException Wrong(string what) => new($"column '{spec.Name}' is {(spec.Kind == ColumnKind.Numeric ? "numeric" : "categorical")}; {what} were added");
}

sealed class WindowNumbers(ColumnProfile reference, Binning binning) : ColumnBuilder(reference.Spec)
{
    readonly HistogramCounter counter = new(binning);
    readonly Signature? signature = Signature.Of(reference.Spec);

    public override void AddNumbers(ReadOnlySpan<double> values, ReadOnlySpan<byte> validity, int offset)
    {
        counter.Add(values, validity, offset);
        signature?.Add(values, validity, offset);
    }

    public override void AddNull(long count) => counter.AddNull(count);

    public override void AddMismatched(long count) => counter.AddMismatched(count);

    public override void Load(ColumnProfile partial)
    {
        counter.Load(partial.Histogram!);
        if (signature is not null) signature.Forbidden += partial.Forbidden;
    }

    public override void Clear()
    {
        counter.Clear();
        if (signature is not null) signature.Forbidden = 0;
    }

    public override ColumnProfile ToProfile(int[] order) => new(Spec, counter.ToHistogram()) { DesignEffect = reference.DesignEffect, Forbidden = signature?.Forbidden ?? 0 };
}

sealed class WindowCategories(ColumnProfile reference, Vocabulary vocabulary) : ColumnBuilder(reference.Spec)
{
    readonly CategoryCounter counter = new(vocabulary);
    readonly Signature? signature = Signature.Of(reference.Spec);

    public override void AddCategory(string category)
    {
        counter.Add(category);
        signature?.Add(category);
    }

    public override void AddCategory(ReadOnlySpan<byte> utf8)
    {
        counter.Add(utf8);
        signature?.Add(utf8);
    }

    public override void AddCodes(ReadOnlySpan<int> codes, IReadOnlyList<string?> dictionary, ReadOnlySpan<byte> validity, int offset)
    {
        var perEntry = new long[dictionary.Count];
        var nulls = 0L;
        for (var i = 0; i < codes.Length; i++)
            if (Category(codes, i, dictionary, validity, offset) is null) nulls++;
            else perEntry[codes[i]]++;
        for (var entry = 0; entry < perEntry.Length; entry++)
        {
            if (perEntry[entry] == 0) continue;
            counter.Add(dictionary[entry]!, perEntry[entry]);
            signature?.Add(dictionary[entry]!, perEntry[entry]);
        }
        counter.AddNull(nulls);
    }

    public override void AddNull(long count) => counter.AddNull(count);

    public override void AddMismatched(long count) => counter.AddMismatched(count);

    public override void Load(ColumnProfile partial)
    {
        counter.Load(partial.Categories!);
        if (signature is not null) signature.Forbidden += partial.Forbidden;
    }

    public override void Clear()
    {
        counter.Clear();
        if (signature is not null) signature.Forbidden = 0;
    }

    public override ColumnProfile ToProfile(int[] order) => new(Spec, counter.ToCounts()) { DesignEffect = reference.DesignEffect, Forbidden = signature?.Forbidden ?? 0 };
}
