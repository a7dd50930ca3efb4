using System.Numerics.Tensors;

namespace Drift;

/// <summary>
/// Counts rows into a <see cref="Profile"/>: a reference chooses its cells from the values it was given, a window shares its reference's cells.
/// Not thread-safe; the only mutable type of the library's batch side.
/// </summary>
public sealed partial class ProfileBuilder
{
    readonly Schema schema;
    readonly ColumnBuilder[] columns;
    readonly Profile? reference;
    readonly RowTimes times = new();
    long rows;

    ProfileBuilder(Schema schema, ColumnBuilder[] columns, Profile? reference) => (this.schema, this.columns, this.reference) = (schema, columns, reference);

    /// <summary>The columns that are profiled.</summary>
    public Schema Schema => schema;

    /// <summary>What a window's builder counts against; null where a reference is made.</summary>
    internal Profile? Reference => reference;

    /// <summary>A builder that keeps all values until <see cref="ToProfile"/> and chooses the cells from them.</summary>
    /// <param name="schema">The columns; those with role id, time or ignore are left out.</param>
    /// <param name="bins">Cells of a numeric column.</param>
    /// <param name="rule">How their edges are chosen.</param>
    /// <param name="maxCategories">How many categories are listed; the others are remembered by hash.</param>
    public static ProfileBuilder ForReference(Schema schema, int bins = 10, BinningRule rule = BinningRule.Default, int maxCategories = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, Binning.MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCategories, 1);
        var profiled = new Schema(schema.Columns.Where(column => column.IsProfiled));
        return new(profiled, [.. profiled.Columns.Select(column => ColumnBuilder.ForReference(column, bins, rule, maxCategories))], null);
    }

    /// <summary>A builder that counts into the reference's cells.</summary>
    public static ProfileBuilder ForWindow(Profile reference) => new(reference.Schema, [.. reference.Columns.Select(ColumnBuilder.ForWindow)], reference);

    /// <summary>Adds numbers to a numeric column. NaN is a value of its own kind, not a null.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="validity">Arrow's bitmap (least significant bit first, 1 = present); empty when nothing is null.</param>
    /// <param name="validityOffset">The bit of the first value.</param>
    /// <exception cref="ArgumentException">The column is unknown or not numeric, or the bitmap is too short.</exception>
    public ProfileBuilder Add(string column, ReadOnlySpan<double> values, ReadOnlySpan<byte> validity = default, int validityOffset = 0)
    {
        Find(column).AddNumbers(values, validity, validityOffset);
        return this;
    }

    /// <inheritdoc cref="Add(string, ReadOnlySpan{double}, ReadOnlySpan{byte}, int)"/>
    public ProfileBuilder Add(string column, ReadOnlySpan<float> values, ReadOnlySpan<byte> validity = default, int validityOffset = 0) => AddNumeric(column, values, validity, validityOffset);

    /// <inheritdoc cref="Add(string, ReadOnlySpan{double}, ReadOnlySpan{byte}, int)"/>
    public ProfileBuilder Add(string column, ReadOnlySpan<int> values, ReadOnlySpan<byte> validity = default, int validityOffset = 0) => AddNumeric(column, values, validity, validityOffset);

    /// <inheritdoc cref="Add(string, ReadOnlySpan{double}, ReadOnlySpan{byte}, int)"/>
    public ProfileBuilder Add(string column, ReadOnlySpan<long> values, ReadOnlySpan<byte> validity = default, int validityOffset = 0) => AddNumeric(column, values, validity, validityOffset);

    /// <summary>Adds categories to a categorical column; null is a missing value.</summary>
    /// <exception cref="ArgumentException">The column is unknown or not categorical.</exception>
    public ProfileBuilder Add(string column, IEnumerable<string?> categories)
    {
        var builder = Find(column);
        foreach (var category in categories)
            if (category is null) builder.AddNull(1);
            else builder.AddCategory(category);
        return this;
    }

    /// <summary>Adds numbers of any primitive type to a numeric column, as <see cref="Add(string, ReadOnlySpan{double}, ReadOnlySpan{byte}, int)"/> does.</summary>
    public ProfileBuilder AddNumeric<T>(string column, ReadOnlySpan<T> values, ReadOnlySpan<byte> validity = default, int validityOffset = 0) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        Validity.Check(validity, validityOffset, values.Length);
        var builder = Find(column);
        Span<double> block = stackalloc double[CellKernel.Block];
        for (var at = 0; at < values.Length || at == 0; at += block.Length)
        {
            var part = values.Slice(at, Math.Min(block.Length, values.Length - at));
            TensorPrimitives.ConvertTruncating(part, block);
            builder.AddNumbers(block[..part.Length], validity, validityOffset + at);
        }
        return this;
    }

    /// <summary>Adds every column of a table that the schema knows; a time column orders the rows for the design effect.</summary>
    public ProfileBuilder Add(Table table)
    {
        for (var i = 0; i < columns.Length; i++)
            switch (table.Find(schema.Columns[i].Name))
            {
                case null: columns[i].AddNull(table.Rows); break;
                case var column: columns[i].Add(column); break;
            }
        rows += table.Rows;
        if (reference is null) times.Add(table);
        return this;
    }

    /// <summary>Adds numbers by the column's position in <see cref="Schema"/>: the worker's micro-batches.</summary>
    public void AddNumbers(int column, ReadOnlySpan<double> values, ReadOnlySpan<byte> validity = default) => columns[column].AddNumbers(values, validity, 0);

    /// <summary>Adds values counted elsewhere over the same cells by the column's position.</summary>
    internal void AddCounted(int column, Histogram counted) => columns[column].Load(new ColumnProfile(schema.Columns[column], counted));

    /// <summary>Adds one category in UTF-8 by the column's position; allocates nothing in a window's builder.</summary>
    public void AddUtf8(int column, ReadOnlySpan<byte> category) => columns[column].AddCategory(category);

    /// <summary>Adds rows without a value by the column's position.</summary>
    public void AddNull(int column, long count = 1) => columns[column].AddNull(count);

    /// <summary>Adds rows that hold a value of another type by the column's position.</summary>
    public void AddMismatched(int column, long count = 1) => columns[column].AddMismatched(count);

    /// <summary>Says how many rows were added column by column; otherwise the longest column counts.</summary>
    public ProfileBuilder AddRows(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        rows += count;
        return this;
    }

    /// <summary>Continues from a window counted earlier against the same reference.</summary>
    /// <exception cref="InvalidOperationException">This builder makes a reference, or the cells differ.</exception>
    public void Load(Profile partial)
    {
        if (reference is null) throw new InvalidOperationException("only a window's builder can continue from a partial profile");
        if (partial.Id != reference.Id) throw new InvalidOperationException($"the partial profile's cells ({partial.Id}) are not the reference's ({reference.Id})");
        for (var i = 0; i < columns.Length; i++) columns[i].Load(partial.Columns[i]);
        rows += partial.Rows;
    }

    /// <summary>Forgets all rows; the cells stay.</summary>
    public void Clear()
    {
        foreach (var column in columns) column.Clear();
        times.Clear();
        rows = 0;
    }

    /// <summary>The profile of everything added so far; the builder can go on afterwards.</summary>
    public Profile ToProfile()
    {
        var order = times.Order(columns.Length == 0 ? 0 : columns.Max(column => column.Rows));
        var profiles = Array.ConvertAll(columns, column => column.ToProfile(order));
        var longest = profiles.Length == 0 ? 0 : profiles.Max(profile => profile.Rows);
        return new(profiles, Math.Max(rows, longest)) { Model = reference?.Model ?? "", ModelVersion = reference?.ModelVersion ?? "", Start = times.First, End = times.AfterLast, KnownId = reference?.Id };
    }

    ColumnBuilder Find(string column) => schema.IndexOf(column) is var at and >= 0
        ? columns[at]
        : throw new ArgumentException($"column '{column}' is not in the schema ({string.Join(", ", schema.Columns.Select(known => known.Name).Take(20))})", nameof(column));
}
