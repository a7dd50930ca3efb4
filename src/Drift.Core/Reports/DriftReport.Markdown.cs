using System.Text;

namespace Drift;

public sealed partial class DriftReport
{
    /// <summary>How many rows a Markdown table gets before the rest is only counted.</summary>
    const int MostMarkdownRows = 200;

    /// <summary>
    /// The report as Markdown (GitHub's flavour), for a pull request, a chat or a wiki: what moved first, then what could not be judged, then how many were fine.
    /// Names and categories are escaped: they stay text.
    /// </summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("# Drift report\n\n**").Append(Headline()).Append("**\n");
        AppendSides(text);
        if (LeftOutLine() is { } leftOut) text.Append('\n').Append(Escaped(leftOut)).Append('\n');
        var ordered = WorstFirst().ToList();
        AppendTable(text, "Moved", ordered.FindAll(reading => reading.Verdict >= Verdict.Warning));
        AppendTable(text, "Not judged", OncePerReason(ordered.FindAll(reading => reading.Status != ReadingStatus.Ok)));
        AppendRest(text, "Fine", ordered.FindAll(reading => reading.Status == ReadingStatus.Ok && reading.Verdict < Verdict.Warning));
        return text.ToString();
    }

    void AppendSides(StringBuilder text)
    {
        text.Append("\n| | rows | model | from | to |\n|---|---:|---|---|---|\n");
        foreach (var (name, side) in new[] { ("reference", Reference), ("current", Current) })
            text.Append("| ").Append(name).Append(" | ").Append(Count(side.Rows)).Append(" | ")
                .Append(Escaped($"{side.Model} {side.ModelVersion}".Trim())).Append(" | ")
                .Append(side.Start is { } start ? Instant(start) : "").Append(" | ").Append(side.End is { } end ? Instant(end) : "").Append(" |\n");
    }

    static void AppendTable(StringBuilder text, string title, List<Reading> readings)
    {
        if (readings.Count == 0) return;
        text.Append("\n## ").Append(title).Append("\n\n| column | measure | value | reference | p adjusted | verdict | |\n|---|---|---:|---:|---:|---|---|\n");
        foreach (var reading in readings.Take(MostMarkdownRows))
        {
            text.Append('|');
            foreach (var cell in Cells(reading)) text.Append(' ').Append(Escaped(cell)).Append(" |");
            text.Append('\n');
        }
        if (readings.Count > MostMarkdownRows) text.Append("\nand ").Append(readings.Count - MostMarkdownRows).Append(" more\n");
    }

    /// <summary>Several measures of a column that lack the same rows say so once.</summary>
    static List<Reading> OncePerReason(List<Reading> readings) => [.. readings.DistinctBy(reading => (reading.Column, reading.Segment, reading.Status, reading.Detail?.Reason))];

    static void AppendRest(StringBuilder text, string title, List<Reading> readings)
    {
        if (readings.Count == 0) return;
        text.Append("\n<details><summary>").Append(title).Append(": ").Append(readings.Count).Append(" readings</summary>\n");
        AppendTable(text, "All others", readings);
        text.Append("\n</details>\n");
    }

    /// <summary>Text that stays text inside a table of GitHub's Markdown.</summary>
    static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in Shown(text, 200))
            switch (c)
            {
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '&': escaped.Append("&amp;"); break;
                case '|' or '\\' or '`' or '*' or '_' or '[' or ']' or '~' or '#' or '!' or '$' or '@': escaped.Append('\\').Append(c); break;
                default: escaped.Append(c); break;
            }
        return escaped.ToString();
    }
}
