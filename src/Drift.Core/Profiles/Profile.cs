using System.Numerics;

namespace Drift;

/// <summary>
/// The distributions of all columns of a model over a stretch of time: what is kept instead of rows. Immutable; + adds the counts exactly,
/// so parts, partitions, panes and hours merge in any order to the same profile.
/// </summary>
public sealed class Profile : IAdditionOperators<Profile, Profile, Profile>
{
    readonly Dictionary<string, int> index;
    Schema? schema;
    string? id;

    /// <summary>Creates a profile.</summary>
    /// <exception cref="ArgumentException">A column stands twice.</exception>
    public Profile(IEnumerable<ColumnProfile> columns, long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Columns = [.. columns];
        Rows = rows;
        index = new(Columns.Count, StringComparer.Ordinal);
        for (var i = 0; i < Columns.Count; i++)
            if (!index.TryAdd(Columns[i].Name, i)) throw new ArgumentException($"column '{Columns[i].Name}' stands twice", nameof(columns));
    }

    /// <summary>The model; empty when not given.</summary>
    public string Model { get; init; } = "";

    /// <summary>The model's version; empty when not given.</summary>
    public string ModelVersion { get; init; } = "";

    /// <summary>The rows that were profiled.</summary>
    public long Rows { get; }

    /// <summary>The first instant that the profile covers.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The first instant after what the profile covers.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The columns in the schema's order.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <summary>What a reference needs beyond histograms (baseline, performance, calibration, ..), by the document's member name, as JSON.</summary>
    public IReadOnlyDictionary<string, string> Extras { get; init; } = new Dictionary<string, string>();

    /// <summary>What the measures were over this reference's own chunks, read once.</summary>
    internal MeasureBaselines? Baselines
    {
        get
        {
            if (!baselinesRead) (baselines, baselinesRead) = (MeasureBaselines.Read(this), true);
            return baselines;
        }
    }

    MeasureBaselines? baselines;
    volatile bool baselinesRead;

    /// <summary>The columns' specs.</summary>
    public Schema Schema => schema ??= new(Columns.Select(column => column.Spec));

    /// <summary>The <see cref="Id"/> where it is known without hashing: a window has its reference's cells.</summary>
    internal string? KnownId { get => id; init => id = value; }

    /// <summary>A short stable name of the cells (16 hexadecimal digits): profiles with the same id can be merged and compared cell by cell.</summary>
    public string Id => id ??= ProfileFormat.CellsHash(this);

    /// <summary>The column of that name, or null.</summary>
    public ColumnProfile? Find(string name) => index.TryGetValue(name, out var at) ? Columns[at] : null;

    /// <summary>The position of a column, or -1.</summary>
    public int IndexOf(string name) => index.GetValueOrDefault(name, -1);

    /// <summary>A copy with other names or times.</summary>
    public Profile With(string? model = null, string? modelVersion = null, DateTimeOffset? start = null, DateTimeOffset? end = null, IReadOnlyDictionary<string, string>? extras = null) =>
        new(Columns, Rows) { Model = model ?? Model, ModelVersion = modelVersion ?? ModelVersion, Start = start ?? Start, End = end ?? End, Extras = extras ?? Extras, KnownId = id };

    /// <summary>The same cells without a count: the identity of +.</summary>
    public Profile Empty() => new(Columns.Select(column => column.Empty()), 0) { Model = Model, ModelVersion = ModelVersion, KnownId = id };

    /// <summary>The counts of both sides together, over the time of both.</summary>
    /// <exception cref="InvalidOperationException">The columns or their cells differ.</exception>
    public static Profile operator +(Profile left, Profile right)
    {
        if (left.Columns.Count != right.Columns.Count) throw new InvalidOperationException($"profiles of {left.Columns.Count} and {right.Columns.Count} columns cannot be merged");
        var columns = new ColumnProfile[left.Columns.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = left.Columns[i] + right.Columns[i];
        return new(columns, left.Rows + right.Rows)
        {
            Model = left.Model,
            ModelVersion = left.ModelVersion,
            Start = Earlier(left.Start, right.Start),
            End = Later(left.End, right.End),
            Extras = left.Extras,
            KnownId = left.id ?? right.id,
        };
    }

    static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;

    static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b ?? a : a;
}
