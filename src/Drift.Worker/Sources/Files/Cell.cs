using System.Globalization;

namespace Drift.Worker.Sources.Files;

/// <summary>What a cell of a data file is. CSV cells are untyped text until a column knows what it holds; JSON cells have a type.</summary>
enum CellType : byte
{
    Null,
    Untyped,
    Number,
    Bool,
    Text,
    Other,
}

/// <summary>One cell. A number of JSON keeps its text, which is its name if the column turns out to hold categories.</summary>
readonly record struct Cell(CellType Type, string Text, double Number)
{
    public static Cell Null => default;

    public static Cell Untyped(string text) => text.Length == 0 ? default : new(CellType.Untyped, text, 0);

    /// <summary>Numbers as design.md spells them: decimal text, or NaN and the infinities.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        if (text.Length is < 3 or > 9) return false;
        var negative = text[0] == '-';
        if (text[0] is '-' or '+') text = text[1..];
        if (!text.Equals("inf", StringComparison.OrdinalIgnoreCase) && !text.Equals("infinity", StringComparison.OrdinalIgnoreCase)) return false;
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    /// <summary>The three strings that JSON writes for numbers which it cannot hold.</summary>
    public static bool TryJsonNumber(string text, out double value)
    {
        value = text switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => 0 };
        return value != 0;
    }

    public static bool TryBool(ReadOnlySpan<char> text, out bool value)
    {
        value = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the text of a number is that of a whole number: 34 is, 34.0 is not.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(whole) < 0;

    static readonly System.Buffers.SearchValues<char> whole = System.Buffers.SearchValues.Create("0123456789+- ");
}

/// <summary>How many cells of a column are what: the evidence for its kind.</summary>
record struct CellCounts
{
    public long Null, Number, Whole, Bool, Time, Text;

    public readonly long Present => Number + Bool + Time + Text;

    public void AddText(ReadOnlySpan<char> text, long times = 1)
    {
        if (Cell.TryNumber(text, out _)) { Number += times; if (Cell.IsWhole(text)) Whole += times; }
        else if (Cell.TryBool(text, out _)) Bool += times;
        else if (IsoTime.TryParse(text, out _)) Time += times;
        else Text += times;
    }

    public void Add(in Cell cell)
    {
        switch (cell.Type)
        {
            case CellType.Null: Null++; break;
            case CellType.Untyped: AddText(cell.Text); break;
            case CellType.Number: Number++; if (Cell.IsWhole(cell.Text)) Whole++; break;
            case CellType.Bool: Bool++; break;
            case CellType.Text when Cell.TryJsonNumber(cell.Text, out _): Number++; break;
            case CellType.Text when IsoTime.TryParse(cell.Text, out _): Time++; break;
            default: Text++; break;
        }
    }

    /// <summary>
    /// The kind that the evidence speaks for. One cell in ten may be something else: a typing error in a column of numbers is a violation
    /// to be counted, not a reason to read a million amounts as categories.
    /// </summary>
    public readonly CellMode Decide() =>
        Present == 0 ? CellMode.Category
        : Number >= .9 * Present ? CellMode.Number
        : Time >= .9 * Present ? CellMode.Time
        : CellMode.Category;
}

/// <summary>How the cells of a column are kept.</summary>
enum CellMode : byte
{
    Undecided,
    Number,
    Category,
    Time,

    /// <summary>Only counted: ids and what is left out.</summary>
    Count,
}
