namespace Drift;

/// <summary>How one column becomes a standardised number: numbers as they are, categories by the reference's count of them.</summary>
/// <param name="Name">The column.</param>
/// <param name="Mean">The mean over the reference.</param>
/// <param name="Deviation">The deviation over the reference, ddof 0; never 0.</param>
/// <param name="Counts">The reference's count of every category; null for numbers.</param>
/// <param name="Nulls">The reference's count of nulls, for categories.</param>
sealed record ProjectionColumn(string Name, double Mean, double Deviation, IReadOnlyDictionary<string, long>? Counts, long Nulls)
{
    /// <summary>Null where the column does not vary, or not in a way that standard deviations can measure.</summary>
    public static ProjectionColumn? Of(Column column)
    {
        var plain = new ProjectionColumn(column.Spec.Name, 0, 1, null, 0);
        if (column is CategoricalColumn text)
        {
            var codes = new long[text.Dictionary.Count];
            var nulls = 0L;
            foreach (var code in text.Codes.Span)
                if (code < 0) nulls++;
                else codes[code]++;
            var counts = text.Dictionary.Zip(codes).Where(entry => entry.Second > 0).GroupBy(entry => entry.First, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Second), StringComparer.Ordinal);
            plain = plain with { Counts = counts, Nulls = nulls };
        }
        var moments = Moments.Of(plain.Raw(column, column.Length));
        return moments.StandardDeviation > 0 && double.IsFinite(moments.StandardDeviation) ? plain with { Mean = moments.Mean, Deviation = moments.StandardDeviation } : null;
    }

    /// <summary>The column's standardised numbers; what is missing stands at the mean.</summary>
    public double[] Encode(Column? column, int rows)
    {
        var values = Raw(column, rows);
        for (var i = 0; i < values.Length; i++) values[i] = double.IsFinite(values[i]) ? (values[i] - Mean) / Deviation : 0;
        return values;
    }

    double[] Raw(Column? column, int rows)
    {
        var values = new double[rows];
        if (Counts is null)
        {
            if (column is not NumericColumn numbers) values.AsSpan().Fill(double.NaN);
            else
                for (var i = 0; i < rows; i++) values[i] = numbers.IsNull(i) ? double.NaN : numbers.Values.Span[i];
            return values;
        }
        if (column is not CategoricalColumn text)
        {
            values.AsSpan().Fill(Nulls);
            return values;
        }
        var known = text.Dictionary.Select(entry => (double)Counts.GetValueOrDefault(entry)).ToArray();
        var codes = text.Codes.Span;
        for (var i = 0; i < rows; i++) values[i] = codes[i] < 0 ? Nulls : known[codes[i]];
        return values;
    }
}
