namespace Drift.Worker.Sources.Files;

/// <summary>What the user said about a data file's columns: the role flags that are the same on every command, and a schema.</summary>
public sealed record ReadOptions
{
    /// <summary>Kinds and roles that are given; other columns are inferred when <see cref="InferOthers"/>, else left out.</summary>
    public Schema? Schema { get; init; }

    /// <summary>Whether columns outside the schema are looked at.</summary>
    public bool InferOthers { get; init; } = true;

    /// <summary>Whether a column that the schema or a flag names must be in the file.</summary>
    public bool AllMustExist { get; init; } = true;

    /// <summary>Columns by role.</summary>
    public IReadOnlyDictionary<string, ColumnRole> Roles { get; init; } = new Dictionary<string, ColumnRole>();

    /// <summary>The only features, when given; columns with a role of their own stay.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns that take part even if they look like an id or a time.</summary>
    public IReadOnlyList<string> NeverLeftOut { get; init; } = [];

    /// <summary>Only find out what the columns hold; the table stays empty.</summary>
    public bool KeepNothing { get; init; }

    /// <summary>Called with the rows read so far.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>The role that the user gave a column, or null.</summary>
    public ColumnRole? RoleOf(string name) =>
        Roles.TryGetValue(name, out var role) ? role
        : Columns is not null ? Columns.Contains(name, StringComparer.Ordinal) ? Schema?.Find(name)?.Role ?? ColumnRole.Feature : Schema?.Find(name) is { Role: not ColumnRole.Feature } kept ? kept.Role : ColumnRole.Ignore
        : Schema?.Find(name)?.Role ?? (NeverLeftOut.Contains(name, StringComparer.Ordinal) ? ColumnRole.Feature : null);

    /// <summary>Everything the user named, which a file should have.</summary>
    public IEnumerable<string> Named => Roles.Keys.Concat(Columns ?? []).Concat(Schema?.Columns.Where(c => c.Role != ColumnRole.Ignore).Select(c => c.Name) ?? []).Distinct();
}

/// <summary>What became of one column of a data file.</summary>
/// <param name="Spec">Its kind, type and role.</param>
/// <param name="Distinct">Distinct values.</param>
/// <param name="DistinctIsCapped">Whether there are more than that.</param>
/// <param name="Nulls">Cells without a value.</param>
/// <param name="Mismatched">Cells of another type: violations.</param>
/// <param name="LeftOut">Why the column takes no part; null when it does.</param>
/// <param name="Remark">What else is worth saying.</param>
public sealed record ColumnNote(ColumnSpec Spec, long Distinct, bool DistinctIsCapped, long Nulls, long Mismatched, string? LeftOut, string? Remark);

/// <summary>A data file in memory.</summary>
/// <param name="File">Its name, for messages.</param>
/// <param name="Rows">Its rows; a table without columns knows of none.</param>
/// <param name="Table">The columns that take part, the time column among them (Unix milliseconds).</param>
/// <param name="Columns">Every column of the file, in order.</param>
public sealed record DataSet(string File, int Rows, Table Table, IReadOnlyList<ColumnNote> Columns)
{
    public Schema Schema => new(Columns.Select(c => c.Spec));

    /// <summary>The columns that were left out by what they look like, not because the user said so; each with the reason.</summary>
    public IReadOnlyDictionary<string, string> LeftOut(ReadOptions options) =>
        Columns.Where(c => c.LeftOut is not null && options.RoleOf(c.Spec.Name) is null).ToDictionary(c => c.Spec.Name, c => c.LeftOut!, StringComparer.Ordinal);
}
