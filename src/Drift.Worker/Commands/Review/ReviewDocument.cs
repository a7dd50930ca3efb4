using System.Text;
using Drift.Worker.Web.Pages;

namespace Drift.Worker.Commands.Review;

/// <summary>A heading with a paragraph, a list and a table, any of them empty.</summary>
sealed record ReviewSection(string Title)
{
    public string Text { get; init; } = "";

    public IReadOnlyList<string> Items { get; init; } = [];

    public IReadOnlyList<string> Columns { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];
}

/// <summary>A review as sections, written as Markdown or as one HTML file. Every text may come from data and is encoded for where it stands.</summary>
sealed record ReviewDocument(string Title, string Summary, IReadOnlyList<ReviewSection> Sections)
{
    public string ToMarkdown()
    {
        var text = new StringBuilder($"# {Plain(Title)}\n\n{Plain(Summary)}\n");
        foreach (var section in Sections)
        {
            text.Append($"\n## {Plain(section.Title)}\n");
            if (section.Text.Length > 0) text.Append($"\n{Plain(section.Text)}\n");
            if (section.Items.Count > 0) text.Append('\n').AppendJoin('\n', section.Items.Select(i => "- " + Plain(i))).Append('\n');
            if (section.Rows.Count == 0) continue;
            text.Append('\n').Append(Line(section.Columns)).Append(Line(section.Columns.Select(_ => "---")));
            foreach (var row in section.Rows) text.Append(Line(row.Select(Plain)));
        }
        return text.ToString();
    }

    static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    /// <summary>Text that Markdown takes as text: its own signs escaped, everything on one line.</summary>
    static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in TextTable.Clean(text))
        {
            if (c is '\\' or '|' or '*' or '_' or '`' or '[' or ']' or '<' or '>' or '#' or '&') plain.Append('\\');
            plain.Append(c);
        }
        return plain.ToString();
    }

    public string ToHtml() => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Title}</title>
        <style>{new Html(Assets.Style)}</style></head>
        <body><main><h1>{Title}</h1><p>{Summary}</p>{Sections.Select(Section)}</main></body>
        </html>
        """).Markup + "\n";

    static Html Section(ReviewSection section)
    {
        var text = section.Text.Length > 0 ? Html.Of($"<p>{section.Text}</p>") : Html.Empty;
        var items = section.Items.Count > 0 ? Html.Of($"<ul>{section.Items.Select(i => Html.Of($"<li><bdi>{i}</bdi></li>"))}</ul>") : Html.Empty;
        var table = section.Rows.Count == 0 ? Html.Empty : Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{section.Title}\"><table><thead><tr>{section.Columns.Select(c => Html.Of($"<th scope=\"col\">{c}</th>"))}</tr></thead><tbody>{section.Rows.Select(r => Html.Of($"<tr>{r.Select(c => Html.Of($"<td><bdi>{c}</bdi></td>"))}</tr>"))}</tbody></table></div>");
        return Html.Of($"<section><h2>{section.Title}</h2>{text}{items}{table}</section>");
    }
}
