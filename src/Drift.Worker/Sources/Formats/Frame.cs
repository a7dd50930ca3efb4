using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>One value of a request or a response: JSON, or text that is a number only where its column is numeric (CSV).</summary>
readonly record struct FrameCell(JsonElement Json, string? Text = null);

/// <summary>One row; without names its cells stand in the model's own order.</summary>
readonly record struct FrameRow(IReadOnlyList<string>? Names, IReadOnlyList<FrameCell> Cells);

/// <summary>The rows of a request or a response, within limits; the first thing wrong with them stays.</summary>
sealed class Frame(int mostRows, int mostCells)
{
    readonly List<FrameRow> rows = [];

    public IReadOnlyList<FrameRow> Rows => rows;

    /// <summary>Why there is no frame: one of <see cref="RecordReason"/>.</summary>
    public string? Problem { get; private set; }

    public Frame Fail(string reason)
    {
        Problem ??= reason;
        rows.Clear();
        return this;
    }

    /// <summary>False: no more, something is wrong.</summary>
    public bool Add(IReadOnlyList<string>? names, IReadOnlyList<FrameCell> cells)
    {
        if (Problem is null && rows.Count >= mostRows) Fail(RecordReason.TooManyRows);
        if (Problem is null && cells.Count > mostCells) Fail(RecordReason.TooManyFeatures);
        if (Problem is not null) return false;
        rows.Add(new FrameRow(names, cells));
        return true;
    }

    /// <summary>A row of JSON: an array is positional (nested ones are read through), an object named, anything else one value.</summary>
    public bool Add(JsonElement row, IReadOnlyList<string>? names = null)
    {
        switch (row.ValueKind)
        {
            case JsonValueKind.Object when row.TryGetProperty("features", out var own) && own.ValueKind == JsonValueKind.Array && IsAlone(row): return Add(own, names);
            case JsonValueKind.Object:
                var members = row.EnumerateObject().Take(mostCells + 1).ToList();
                return Add([.. members.Select(m => m.Name)], [.. members.Select(m => new FrameCell(m.Value))]);
            case JsonValueKind.Array:
                var cells = new List<FrameCell>();
                Flatten(row, cells);
                return Add(names?.Count == cells.Count ? names : null, cells);
            default: return Add(names?.Count == 1 ? names : null, [new FrameCell(row)]);
        }
    }

    static bool IsAlone(JsonElement row) => row.EnumerateObject().Take(2).Count() == 1;

    void Flatten(JsonElement array, List<FrameCell> cells)
    {
        foreach (var item in array.EnumerateArray())
        {
            if (cells.Count > mostCells) return;
            if (item.ValueKind == JsonValueKind.Array) Flatten(item, cells);
            else cells.Add(new FrameCell(item));
        }
    }

    /// <summary>One row whose cells are those of <paramref name="count"/> rows: services that answer a batch in one line.</summary>
    public bool Spread(int count)
    {
        if (rows is not [{ Names: null } only] || only.Cells.Count != count) return false;
        rows.Clear();
        rows.AddRange(only.Cells.Select(c => new FrameRow(null, [c])));
        return true;
    }
}
