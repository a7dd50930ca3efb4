using System.Collections.Frozen;

namespace Drift;

/// <summary>A model's signature: its columns in order, each name once.</summary>
public sealed class Schema
{
    readonly FrozenDictionary<string, int> index;

    /// <summary>Creates a schema.</summary>
    /// <exception cref="ArgumentException">A name is empty or stands twice.</exception>
    public Schema(IEnumerable<ColumnSpec> columns)
    {
        Columns = [.. columns];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var column in Columns)
        {
            if (string.IsNullOrEmpty(column.Name)) throw new ArgumentException($"column {seen.Count} has no name", nameof(columns));
            if (!seen.TryAdd(column.Name, seen.Count)) throw new ArgumentException($"column '{column.Name}' stands twice", nameof(columns));
        }
        index = seen.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>Creates a schema of the given columns.</summary>
    public static Schema Of(params ColumnSpec[] columns) => new(columns);

    /// <summary>The position of a column, or -1.</summary>
    public int IndexOf(string name) => index.GetValueOrDefault(name, -1);

    /// <summary>The column of that name, or null.</summary>
    public ColumnSpec? Find(string name) => index.TryGetValue(name, out var at) ? Columns[at] : null;
}
