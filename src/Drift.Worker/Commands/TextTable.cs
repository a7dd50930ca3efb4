using Spectre.Console;

namespace Drift.Worker.Commands;

/// <summary>A table for people: framed on a terminal, plain aligned text anywhere else (a log, a pipe, a file).</summary>
sealed class TextTable(params string[] headers)
{
    readonly List<string[]> rows = [];
    readonly HashSet<int> right = [];

    /// <summary>Aligns a column to the right: numbers.</summary>
    public TextTable Right(params int[] columns)
    {
        right.UnionWith(columns);
        return this;
    }

    public TextTable Row(params string[] cells)
    {
        rows.Add([.. cells.Select(Clean)]);
        return this;
    }

    public int Count => rows.Count;

    public void Write(Cli cli)
    {
        if (cli.OutIsTerminal) Framed(cli);
        else Plain(cli.Out);
    }

    public void Plain(TextWriter output)
    {
        var widths = headers.Select((h, c) => rows.Select(r => r[c].Length).Append(h.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(headers))
            output.WriteLine(string.Join("  ", row.Select((cell, c) => right.Contains(c) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd());
    }

    void Framed(Cli cli)
    {
        var table = new Spectre.Console.Table().Border(TableBorder.Rounded);
        for (var c = 0; c < headers.Length; c++) table.AddColumn(new TableColumn(new Text(headers[c], new Style(decoration: Decoration.Bold))) { Alignment = right.Contains(c) ? Justify.Right : Justify.Left });
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(cli.Out) }).Write(table);
    }

    /// <summary>Names come from files: what could steer a terminal or break a line is shown as a middle dot.</summary>
    public static string Clean(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) || char.GetUnicodeCategory(source[i]) == System.Globalization.UnicodeCategory.Format ? '\u00b7' : source[i];
    });
}
