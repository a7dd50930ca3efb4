namespace Drift;

/// <summary>Rows of both sides as numbers: standardised columns, one column per frequent category, one per column with missing cells.</summary>
sealed class DesignMatrix
{
    const int MostCategories = 20;
    const double LeastShare = 0.01;

    readonly List<double[]> columns = [];

    DesignMatrix(int reference, int current) => (Reference, Rows) = (reference, reference + current);

    /// <summary>How many of the rows, the first ones, are the reference's.</summary>
    public int Reference { get; }

    public int Rows { get; }

    public int Columns => columns.Count;

    /// <summary>A row with a leading 1 for the constant.</summary>
    public void Copy(int row, Span<double> values)
    {
        values[0] = 1;
        for (var i = 0; i < columns.Count; i++) values[i + 1] = columns[i][row];
    }

    /// <summary>Draws at most <paramref name="mostRows"/> rows a side (seeded) and encodes every column that both sides have and that is compared.</summary>
    public static DesignMatrix Of(Table reference, Table current, int mostRows, ref SeededRandom random)
    {
        int[] before = Draw(reference.Rows, mostRows, ref random), now = Draw(current.Rows, mostRows, ref random);
        var matrix = new DesignMatrix(before.Length, now.Length);
        foreach (var column in reference.Columns.Where(c => c.Spec.IsCompared))
        {
            if (column is NumericColumn x && current.Find(column.Spec.Name) is NumericColumn y) matrix.Add([.. Values(x, before), .. Values(y, now)]);
            else if (column is CategoricalColumn r && current.Find(column.Spec.Name) is CategoricalColumn c)
                matrix.Add([.. before.Select(row => r[row]), .. now.Select(row => c[row])]);
        }
        return matrix;
    }

    static int[] Draw(int rows, int most, ref SeededRandom random)
    {
        var order = Enumerable.Range(0, rows).ToArray();
        random.Shuffle(order.AsSpan());
        return rows > most ? order[..most] : order;
    }

    static IEnumerable<double> Values(NumericColumn column, int[] rows) => rows.Select(row => column.IsNull(row) ? double.NaN : column.Values.Span[row]);

    // Missing and infinite cells stand at the mean and are told by a column of their own.
    void Add(double[] values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        Missing(values.Length - finite.Length, i => !double.IsFinite(values[i]));
        var moments = Moments.Of(finite);
        if (finite.Length == 0 || !(moments.StandardDeviation > 0) || !double.IsFinite(moments.StandardDeviation)) return;
        columns.Add(Array.ConvertAll(values, v => double.IsFinite(v) ? (v - moments.Mean) / moments.StandardDeviation : 0));
    }

    void Add(string?[] values)
    {
        Missing(values.Count(v => v is null), i => values[i] is null);
        var frequent = values.Where(v => v is not null).CountBy(v => v!).Where(c => c.Value >= LeastShare * values.Length)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostCategories);
        foreach (var (category, count) in frequent)
            if (count < values.Length) columns.Add(Array.ConvertAll(values, v => v == category ? 1.0 : 0));
    }

    void Missing(int count, Func<int, bool> isMissing)
    {
        if (count > 0 && count < Rows) columns.Add([.. Enumerable.Range(0, Rows).Select(i => isMissing(i) ? 1.0 : 0)]);
    }
}
