using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Drift.Worker.Sources.Files;

/// <summary>
/// The rows of a CSV file (RFC 4180, UTF-8, a header line). Stricter than a stream: a row with more fields than the header, or quotes that do not
/// match, is an error with its line; missing fields at the end of a row are null.
/// </summary>
sealed class CsvRows : IDisposable
{
    readonly string file;
    readonly CsvParser parser;
    string? bad;

    public CsvRows(string file, Stream stream)
    {
        this.file = file;
        parser = new CsvParser(new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16),
            new CsvConfiguration(CultureInfo.InvariantCulture) { BufferSize = 1 << 16, BadDataFound = e => bad ??= e.Field });
        if (!Next()) throw new InputException($"{file}: is empty; a CSV file starts with a line of column names");
        Names = Header();
        if (Names is [var only] && only.IndexOfAny([';', '\t']) is var at and >= 0)
            throw InputException.At(file, Line, $"one column named '{Short(only)}'; fields are separated by commas, not by {(only[at] == ';' ? "semicolons" : "tabs")}");
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The line on which the current row ends.</summary>
    public long Line => parser.RawRow;

    /// <summary>The current row's fields; null stands for a missing one.</summary>
    public string? this[int field] => field < parser.Count ? parser[field] : null;

    public bool Read()
    {
        if (!Next()) return false;
        if (parser.Count > Names.Count)
            throw InputException.At(file, Line, $"{parser.Count} fields where the header names {Names.Count} columns; the first one too many is '{Short(parser[Names.Count])}'");
        return true;
    }

    bool Next()
    {
        if (!parser.Read()) return false;
        // The parser looks at quotes when a field is asked for.
        for (var i = 0; i < parser.Count; i++) _ = parser[i];
        if (bad is not null)
            throw InputException.At(file, Line, $"the quotes of '{Short(bad)}' do not match; a field with a quote is written in quotes, the quote doubled");
        return true;
    }

    string[] Header()
    {
        var names = new string[parser.Count];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            // pandas writes its index under an empty name.
            names[i] = parser[i].Length > 0 ? parser[i] : $"column_{i + 1}";
            if (!seen.TryAdd(names[i], i)) throw InputException.At(file, Line, $"column '{Short(names[i])}' stands twice in the header, as fields {seen[names[i]] + 1} and {i + 1}");
        }
        return names;
    }

    internal static string Short(string text) => text.Length <= 60 ? text : text[..57] + "...";

    public void Dispose() => parser.Dispose();
}
