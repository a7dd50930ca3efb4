using System.Globalization;

namespace Drift.Worker.Sources.Files;

/// <summary>
/// Collects the cells of one column in one pass. A column whose kind is not given is held back for its first rows, then kept as what those rows look like;
/// the whole column's counts decide in the end, and a column that was misjudged says so by <see cref="Misjudged"/>: the file is then read once more.
/// Without <c>keep</c> only the kind is found out and no value is held.
/// </summary>
sealed unsafe partial class ColumnReader(string name, CellMode mode, bool keep = true)
{
    const int Probe = 4096;
    const int DistinctCap = 10_000;

    readonly bool given = mode != CellMode.Undecided;
    List<Cell> held = [];
    CellCounts counts;
    readonly Chunked<double> numbers = new();
    readonly ValidityBuilder validity = new();
    readonly Chunked<int> codes = new();
    readonly Dictionary<string, int> dictionary = new(StringComparer.Ordinal);
    readonly List<long> untyped = [];
    readonly Chunked<long> times = new();
    readonly HashSet<double> distinct = [];
    double last = double.NegativeInfinity;
    bool ascending = true;

    public string Name => name;
    public CellMode Mode { get; private set; } = mode;
    public long Rows { get; private set; }
    public CellCounts Counts => counts;

    /// <summary>Cells that are not what the column holds; null, and counted as violations.</summary>
    public long Mismatched { get; private set; }

    /// <summary>The first such cell and its row (from 1), for messages.</summary>
    public (long Row, string Text)? FirstMismatch { get; private set; }

    public long Distinct => Mode == CellMode.Category ? dictionary.Count : distinct.Count;
    public bool DistinctIsCapped => distinct.Count >= DistinctCap;
    public bool AscendingIntegers => ascending && counts.Whole == counts.Present && counts.Present >= 2;
    public bool Misjudged => !given && Mode != counts.Decide();

    /// <summary>How many rows there will be, where that is known.</summary>
    public void Expect(int rows)
    {
        numbers.Expect(rows);
        codes.Expect(rows);
        times.Expect(rows);
    }

    public void Add(in Cell cell)
    {
        Rows++;
        if (Mode != CellMode.Undecided) { Keep(cell); return; }
        held.Add(cell);
        counts.Add(cell);
        if (held.Count == Probe) Settle();
    }

    /// <summary>A number whose type is known; its text is made only where it is a category's name.</summary>
    public void AddNumber(double value, bool whole)
    {
        if (Mode != CellMode.Number)
        {
            Add(new Cell(CellType.Number, whole ? value.ToString("F0", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture), value));
            return;
        }
        Rows++;
        if (keep)
        {
            validity.Add(true);
            numbers.Add(value);
        }
        Count(value, whole);
    }

    /// <summary>An instant whose type is known, in UTC ticks; null: it lies outside the calendar.</summary>
    public void AddTime(long? utcTicks)
    {
        if (Mode != CellMode.Time || utcTicks is null)
        {
            Add(utcTicks is { } ticks ? new Cell(CellType.Text, EventTime.Format(ticks), 0) : new Cell(CellType.Other, "an instant outside the calendar", 0));
            return;
        }
        Rows++;
        if (keep) times.Add(utcTicks.Value);
        counts.Time++;
    }

    /// <summary>Nulls up to a number of rows: a column that a line does not name.</summary>
    public void PadTo(long rows)
    {
        while (Rows < rows) Add(Cell.Null);
    }

    /// <summary>The end of the input: decides what is still open and counts what the categories are.</summary>
    public void Finish()
    {
        if (Mode == CellMode.Undecided) Settle();
        if (Mode != CellMode.Category) return;
        foreach (var (text, code) in dictionary)
            if (untyped[code] > 0) counts.AddText(text, untyped[code]);
    }

    void Settle()
    {
        Mode = counts.Decide();
        counts = default;
        Rows = 0;
        foreach (var cell in held)
        {
            Rows++;
            Keep(cell);
        }
        held = [];
    }

    void Keep(in Cell cell)
    {
        switch (Mode)
        {
            case CellMode.Number: KeepNumber(cell); break;
            case CellMode.Category: KeepCategory(cell); break;
            case CellMode.Time: KeepTime(cell); break;
            default: if (cell.Type == CellType.Null) counts.Null++; else counts.Text++; break;
        }
    }

    void KeepNumber(in Cell cell)
    {
        var value = cell.Number;
        var valid = cell.Type switch
        {
            CellType.Number => true,
            CellType.Untyped => Cell.TryNumber(cell.Text, out value),
            CellType.Text => Cell.TryJsonNumber(cell.Text, out value),
            _ => false,
        };
        if (keep)
        {
            validity.Add(valid);
            numbers.Add(valid ? value : 0);
        }
        if (valid) Count(value, Cell.IsWhole(cell.Text));
        else NotKept(cell);
    }

    void Count(double value, bool whole)
    {
        counts.Number++;
        if (whole) counts.Whole++;
        ascending &= value > last;
        last = value;
        if (keep && distinct.Count < DistinctCap) distinct.Add(value);
    }

    void KeepCategory(in Cell cell)
    {
        if (!keep) { counts.Add(cell); return; }
        if (cell.Type is CellType.Null or CellType.Other) { codes.Add(-1); NotKept(cell); return; }
        var code = CodeOf(cell.Text);
        codes.Add(code);
        // What an untyped category is gets looked at once per category, not once per cell.
        if (cell.Type == CellType.Untyped) untyped[code]++; else counts.Add(cell);
    }

    int CodeOf(string category)
    {
        if (!dictionary.TryGetValue(category, out var code))
        {
            dictionary.Add(category, code = dictionary.Count);
            untyped.Add(0);
        }
        return code;
    }

    void KeepTime(in Cell cell)
    {
        long ticks = 0;
        var valid = cell.Type is CellType.Untyped or CellType.Text && IsoTime.TryParse(cell.Text, out ticks);
        if (keep) times.Add(valid ? ticks : long.MinValue);
        if (valid) counts.Time++; else NotKept(cell);
    }

    void NotKept(in Cell cell)
    {
        if (cell.Type == CellType.Null) { counts.Null++; return; }
        counts.Text++;
        Mismatched++;
        FirstMismatch ??= (Rows, cell.Text);
    }

    public double[] DrainNumbers() => numbers.Drain();
    public byte[] DrainValidity() => validity.ToArray();
    public long[] DrainTimes() => times.Drain();

    /// <summary>The codes and the dictionary; booleans in one spelling, so that a file and a JSON stream name them alike.</summary>
    public (int[] Codes, string[] Dictionary) DrainCategories(bool asBool)
    {
        var names = dictionary.Keys.ToArray();
        var all = codes.Drain();
        if (!asBool) return (all, names);
        var merged = new Dictionary<string, int>(StringComparer.Ordinal);
        var map = new int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var spelled = Cell.TryBool(names[i], out var value) ? value ? "true" : "false" : names[i];
            if (!merged.TryGetValue(spelled, out map[i])) merged.Add(spelled, map[i] = merged.Count);
        }
        for (var i = 0; i < all.Length; i++)
            if (all[i] >= 0) all[i] = map[all[i]];
        return (all, [.. merged.Keys]);
    }
}
