namespace Drift;

/// <summary>
/// Where a model's records find their columns. A member of <c>features</c> belongs to the column of its name, whatever that column's role;
/// <c>prediction</c> to the column with role prediction; <c>scores.X</c> to the score column of class X: the one that the reference names, else
/// <c>score_X</c>, <c>X</c> or the only one whose name ends in <c>_X</c> (or to the only score column, when the record has one score); <c>latency_ms</c>, <c>error</c> and <c>metrics.X</c> (as <c>metric_X</c> or <c>X</c>) to the service column of that
/// name; <c>segments.X</c> to the segment column X; <c>truth</c> to the column with role truth.
/// </summary>
public sealed class RecordLayout
{
    readonly byte[] falseText, trueText;
    readonly (byte[] False, byte[] True)?[] spelled;

    /// <summary>Creates a layout.</summary>
    /// <param name="model">The model.</param>
    /// <param name="columns">The columns in the order in which rows carry them; all are filled that can be.</param>
    /// <param name="categories">The categories that a column's reference lists, for the spelling of true and false; null for none.</param>
    /// <param name="scoreColumns">Score columns by the class whose scores they hold, where the reference says so; null for none.</param>
    public RecordLayout(
        string model, IReadOnlyList<ColumnSpec> columns, Func<string, IReadOnlyList<string>?>? categories = null, IReadOnlyDictionary<string, string>? scoreColumns = null)
    {
        Model = model;
        Columns = [.. columns];
        ModelText = System.Text.Encoding.UTF8.GetBytes(model);
        Numeric = [.. Columns.Select(c => c.Kind == ColumnKind.Numeric)];
        var all = Columns.Select((c, i) => KeyValuePair.Create(c.Name, i)).ToList();
        Features = new Utf8Map(all);
        Prediction = First(ColumnRole.Prediction);
        Truth = First(ColumnRole.Truth);
        Latency = Service("latency_ms");
        Error = Service("error");
        var scores = Of(ColumnRole.Score);
        OnlyScore = scores.Count == 1 ? scores[0].Value : -1;
        Scores = ByClass(scores, scoreColumns);
        Metrics = Alias(Of(ColumnRole.Service), "metric_");
        Segments = new Utf8Map(Of(ColumnRole.Segment));
        (falseText, trueText) = ("false"u8.ToArray(), "true"u8.ToArray());
        spelled = [.. Columns.Select(c => Spelling(c, categories?.Invoke(c.Name)))];
    }

    /// <summary>The model.</summary>
    public string Model { get; }

    /// <summary>The columns in the order of a row.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    internal byte[] ModelText { get; }

    /// <summary>Which columns hold numbers.</summary>
    internal bool[] Numeric { get; }

    internal Utf8Map Features { get; }

    internal Utf8Map Scores { get; }

    internal Utf8Map Metrics { get; }

    internal Utf8Map Segments { get; }

    internal int Prediction { get; }

    internal int Truth { get; }

    internal int OnlyScore { get; }

    internal int Latency { get; }

    internal int Error { get; }

    /// <summary>How a truth value is spelled as a category: as the reference spells it, so that <c>true</c> in a record meets <c>True</c> from a CSV file.</summary>
    internal ReadOnlySpan<byte> Spell(int column, bool value) =>
        spelled[column] is { } own ? value ? own.True : own.False : value ? trueText : falseText;

    List<KeyValuePair<string, int>> Of(ColumnRole role) =>
        [.. Columns.Select((c, i) => (c, i)).Where(x => x.c.Role == role).Select(x => KeyValuePair.Create(x.c.Name, x.i))];

    int First(ColumnRole role) => Of(role) is { Count: > 0 } found ? found[0].Value : -1;

    int Service(string name)
    {
        var found = Of(ColumnRole.Service).FindIndex(c => c.Key == name);
        return found < 0 ? -1 : Of(ColumnRole.Service)[found].Value;
    }

    static Utf8Map ByClass(List<KeyValuePair<string, int>> columns, IReadOnlyDictionary<string, string>? named)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, column) in named ?? new Dictionary<string, string>())
            if (columns.FindIndex(c => c.Key == column) is >= 0 and var at) names.TryAdd(name, columns[at].Value);
        foreach (var (name, column) in columns) names.TryAdd(name, column);
        foreach (var (name, column) in columns)
            if (name.StartsWith("score_", StringComparison.Ordinal) && name.Length > 6) names.TryAdd(name[6..], column);
        foreach (var ending in columns.SelectMany(c => Endings(c.Key).Select(e => (Name: e, c.Value))).GroupBy(e => e.Name))
            if (ending.Count() == 1) names.TryAdd(ending.Key, ending.First().Value);
        return new Utf8Map(names);
    }

    /// <summary>What stands behind each underscore.</summary>
    static IEnumerable<string> Endings(string name)
    {
        for (var at = name.IndexOf('_', StringComparison.Ordinal); at >= 0 && at + 1 < name.Length; at = name.IndexOf('_', at + 1)) yield return name[(at + 1)..];
    }

    static Utf8Map Alias(List<KeyValuePair<string, int>> columns, string prefix)
    {
        var names = columns.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, column) in columns)
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length) names.TryAdd(name[prefix.Length..], column);
        return new Utf8Map(names);
    }

    static (byte[], byte[])? Spelling(ColumnSpec column, IReadOnlyList<string>? categories)
    {
        if (column.Kind != ColumnKind.Categorical || categories is null) return null;
        string? Find(string word) => categories.FirstOrDefault(c => string.Equals(c, word, StringComparison.OrdinalIgnoreCase));
        return Find("true") is null && Find("false") is null
            ? null
            : (System.Text.Encoding.UTF8.GetBytes(Find("false") ?? Cased(Find("true")!)), System.Text.Encoding.UTF8.GetBytes(Find("true") ?? Cased(Find("false")!)));
    }

    /// <summary>The other truth value in the same case as the one that is known.</summary>
    static string Cased(string known)
    {
        var other = known.Length == 4 ? "false" : "true";
        return known[^1] is >= 'A' and <= 'Z' ? other.ToUpperInvariant() : known[0] is >= 'A' and <= 'Z' ? char.ToUpperInvariant(other[0]) + other[1..] : other;
    }
}

/// <summary>The layouts of all watched models.</summary>
public sealed class RecordLayouts
{
    readonly RecordLayout[] layouts;
    readonly Utf8Map models;

    /// <summary>Collects layouts; each model once.</summary>
    public RecordLayouts(IEnumerable<RecordLayout> layouts)
    {
        this.layouts = [.. layouts];
        models = new Utf8Map(this.layouts.Select((l, i) => KeyValuePair.Create(l.Model, i)));
    }

    /// <summary>The layout of a model by its UTF-8 name, or null.</summary>
    public RecordLayout? Find(ReadOnlySpan<byte> model)
    {
        var at = models.Find(model);
        return at < 0 ? null : layouts[at];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<RecordLayout> All => layouts;
}
