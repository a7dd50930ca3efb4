namespace Drift;

/// <summary>One input of the loss model: how a cell of its column becomes a small ordered code.</summary>
/// <param name="Column">The column.</param>
/// <param name="Cuts">Numeric: the inner cuts, ascending; a value belongs above every cut that it is not below.</param>
/// <param name="Categories">Categorical: the categories by rising loss; anything else is unknown. Null for a numeric column.</param>
sealed record LossFeature(string Column, double[] Cuts, IReadOnlyList<string>? Categories)
{
    /// <summary>Most codes of a feature.</summary>
    public const int MostCodes = 64;

    /// <summary>The code of a null, a NaN or a category that the reference did not have.</summary>
    public int Unknown => Categories?.Count ?? Cuts.Length + 1;

    public int Codes => Unknown + 1;

    /// <summary>Learns the codes of a column: numbers at their quantiles, categories (the most frequent ones) in the order of their mean loss.</summary>
    public static LossFeature Fit(Column column, ReadOnlySpan<double> loss)
    {
        if (column is NumericColumn numbers)
        {
            var sorted = Quantiles.SortedFinite(numbers.Sample());
            return new(column.Spec.Name, sorted.Length == 0 ? [] : [.. Quantiles.Cuts(sorted, MostCodes - 2)[1..^1].Distinct()], null);
        }
        var categories = (CategoricalColumn)column;
        var (sums, counts) = (new double[categories.Dictionary.Count], new long[categories.Dictionary.Count]);
        var codes = categories.Codes.Span;
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] < 0 || !double.IsFinite(loss[i])) continue;
            sums[codes[i]] += loss[i];
            counts[codes[i]]++;
        }
        var known = Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0).OrderByDescending(c => counts[c]).ThenBy(c => categories.Dictionary[c], StringComparer.Ordinal).Take(MostCodes - 1);
        return new(column.Spec.Name, [], [.. known.OrderBy(c => sums[c] / counts[c]).ThenBy(c => categories.Dictionary[c], StringComparer.Ordinal).Select(c => categories.Dictionary[c])]);
    }

    /// <summary>The codes of a column's cells.</summary>
    public byte[] Encode(Table table)
    {
        var column = table.Find(Column) ?? throw new ArgumentException($"there is no column '{Column}', which the loss model needs");
        var encoded = new byte[table.Rows];
        if (column is NumericColumn numbers)
        {
            if (Categories is not null) throw new ArgumentException($"column '{Column}' holds numbers; categories in the reference");
            var values = numbers.Values.Span;
            for (var i = 0; i < encoded.Length; i++) encoded[i] = (byte)(numbers.IsNull(i) || double.IsNaN(values[i]) ? Unknown : Of(values[i]));
            return encoded;
        }
        if (Categories is null) throw new ArgumentException($"column '{Column}' holds categories; numbers in the reference");
        var categories = (CategoricalColumn)column;
        var at = categories.Dictionary.Select(name => (byte)(Index(name) is var i and >= 0 ? i : Unknown)).ToArray();
        for (var i = 0; i < encoded.Length; i++) encoded[i] = categories.Codes.Span[i] is var code and >= 0 ? at[code] : (byte)Unknown;
        return encoded;
    }

    int Index(string name)
    {
        for (var i = 0; i < Categories!.Count; i++)
            if (Categories[i] == name) return i;
        return -1;
    }

    int Of(double value)
    {
        var at = Array.BinarySearch(Cuts, value);
        return at >= 0 ? at + 1 : ~at;
    }
}
