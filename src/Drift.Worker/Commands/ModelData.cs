using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>A data file as rows of a model's answers, joined with its labels where they stand in a file of their own.</summary>
/// <param name="File">The file.</param>
/// <param name="Table">Its rows.</param>
/// <param name="Orphans">Labels without a row.</param>
/// <param name="Duplicates">Labels of an id that had one before; the last counts.</param>
sealed record ModelData(string File, Table Table, long Orphans = 0, long Duplicates = 0)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the user said about its columns.</param>
    /// <param name="columns">Where the answers stand.</param>
    /// <param name="metrics">Columns with business metrics.</param>
    /// <param name="like">The schema that the features should have, for example the reference's.</param>
    /// <param name="optional">Columns that may be missing: the truth, where it is not known yet.</param>
    public static ModelData Load(string path, ReadOptions options, ModelColumns columns, IReadOnlyList<string> metrics, Schema? like = null, params string?[] optional)
    {
        var roles = new Dictionary<string, ColumnRole>(options.Roles, StringComparer.Ordinal);
        var id = roles.FirstOrDefault(r => r.Value == ColumnRole.Id).Key;
        // Ids and queries are compared as text; as segments they are read as text and kept.
        foreach (var text in (string?[])[id, columns.Query])
            if (text is not null) roles[text] = ColumnRole.Segment;
        foreach (var metric in metrics) roles[metric] = ColumnRole.Service;
        var must = roles.Keys.Except(optional.OfType<string>(), StringComparer.Ordinal).ToArray();
        var read = options with { Roles = roles, Schema = like ?? options.Schema, AllMustExist = false };
        var set = DataFile.Load(path, read);
        if (must.FirstOrDefault(name => set.Columns.All(c => c.Spec.Name != name)) is { } missing)
            throw new InputException($"{path}: has no column '{missing}'; it has {string.Join(", ", set.Columns.Select(c => c.Spec.Name).Take(20))}");
        if (set.Rows == 0) throw new InputException($"{path}: has no rows");
        return new(path, new(set.Table.Columns.Select(c => c.Spec.Name == id || c.Spec.Name == columns.Query ? c.With(c.Spec with { Role = ColumnRole.Id }) : c)));
    }

    /// <summary>The rows' times in Unix milliseconds, NaN where there is none; null without a time column.</summary>
    public static double[]? Times(Table table)
    {
        if (table.Columns.FirstOrDefault(c => c.Spec.Role == ColumnRole.Time) is not NumericColumn times) return null;
        var values = times.Values.ToArray();
        for (var i = 0; i < values.Length; i++)
            if (times.IsNull(i)) values[i] = double.NaN;
        return values;
    }

    /// <summary>The same rows with the truth of a file of labels, found by id; it replaces a truth that the rows already had.</summary>
    public ModelData Join(string path, ReadOptions options, string? truth)
    {
        var id = options.Roles.FirstOrDefault(r => r.Value == ColumnRole.Id).Key ?? throw new UsageException("--labels needs --id COL, by which labels find their rows");
        if (truth is null) throw new UsageException("--labels needs --truth COL, the column with the label");
        var only = new Dictionary<string, ColumnRole>(StringComparer.Ordinal) { [id] = ColumnRole.Segment, [truth] = ColumnRole.Truth };
        var labels = DataFile.Load(path, new ReadOptions { Roles = only, Columns = [id, truth], Progress = options.Progress }).Table;
        var (keys, rowKeys) = (Keys(labels, id, path), Keys(Table, id, File));
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        long duplicates = 0;
        for (var i = 0; i < labels.Rows; i++)
        {
            if (keys[i] is not { } key) continue;
            if (last.ContainsKey(key)) duplicates++;
            last[key] = i;
        }
        var rows = new int[Table.Rows];
        for (var i = 0; i < rows.Length; i++) rows[i] = rowKeys[i] is { } key && last.TryGetValue(key, out var at) ? at : -1;
        var orphans = last.Count - rows.Where(at => at >= 0).Distinct().Count();
        return this with { Table = new(Table.Columns.Where(c => c.Spec.Name != truth).Append(Taken(labels.Find(truth)!, rows))), Orphans = orphans, Duplicates = duplicates };
    }

    /// <summary>The rows of another side in the order of this one, for pairs; both only where an id stands on both.</summary>
    public (ModelData First, ModelData Second) Pair(ModelData other, string id)
    {
        var (own, others) = (Keys(Table, id, File), Keys(other.Table, id, other.File));
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < others.Length; i++)
            if (others[i] is { } key && !index.TryAdd(key, i)) throw new InputException($"{other.File}: id '{key}' stands twice, so rows cannot be paired");
        var (left, right) = (new List<int>(), new List<int>());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < own.Length; i++)
        {
            if (own[i] is not { } key) continue;
            if (!seen.Add(key)) throw new InputException($"{File}: id '{key}' stands twice, so rows cannot be paired");
            if (!index.TryGetValue(key, out var at)) continue;
            left.Add(i);
            right.Add(at);
        }
        if (left.Count == 0) throw new InputException($"{File} and {other.File} have no id in common");
        return (this with { Table = Table.Take(left.ToArray()) }, other with { Table = other.Table.Take(right.ToArray()) });
    }

    static string?[] Keys(Table table, string id, string file)
    {
        if (table.Find(id) is not CategoricalColumn column) throw new InputException($"{file}: has no column '{id}'");
        return [.. Enumerable.Range(0, table.Rows).Select(i => column[i])];
    }

    /// <summary>A column's cells by row, null for -1.</summary>
    static Column Taken(Column column, int[] rows)
    {
        if (column is CategoricalColumn text) return new CategoricalColumn(text.Spec, Array.ConvertAll(rows, at => at < 0 ? -1 : text.Codes.Span[at]), text.Dictionary);
        var numbers = (NumericColumn)column;
        // NaN is no truth either, so it can stand for null.
        return new NumericColumn(numbers.Spec, Array.ConvertAll(rows, at => at < 0 || numbers.IsNull(at) ? double.NaN : numbers.Values.Span[at]));
    }
}
