using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Drift.Core.Tests.Measures;

namespace Drift.Core.Tests.Reports;

public sealed partial class ReportTests
{
    const string Hostile = "</td><script>alert(1)</script><style>*{display:none}</style>\"' onload=x \u202Egnp\u0000|`*_[x](http://e.x)";

    [Fact]
    public void The_document_has_the_members_of_the_contract()
    {
        using var document = JsonDocument.Parse(Sample().ToJson());
        var root = document.RootElement;
        Assert.Equal(["recipe", "reference", "current", "readings"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal("drift", root.GetProperty("recipe").GetString());
        Assert.Equal(4000, root.GetProperty("reference").GetProperty("rows").GetInt64());
        Assert.Equal(1500, root.GetProperty("current").GetProperty("rows").GetInt64());
        var first = root.GetProperty("readings")[0];
        Assert.Equal(
            ["measure", "column", "segment", "value", "reference_value", "p_value", "p_adjusted", "rows", "status", "verdict", "detail"],
            first.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Sample().Readings.Count, root.GetProperty("readings").GetArrayLength());
    }

    [Fact]
    public void Text_is_aligned_and_the_worst_comes_first()
    {
        var lines = Sample().ToString().Split('\n');
        Assert.StartsWith("2 columns moved", lines[0], StringComparison.Ordinal);
        Assert.Contains("1,500 rows against 4,000", lines[0], StringComparison.Ordinal);
        var verdict = lines[1].IndexOf("verdict", StringComparison.Ordinal);
        Assert.Equal("critical", lines[2].Substring(verdict, 8));
        var order = lines.Skip(2).Where(line => line.Length > verdict).Select(line => line[verdict..].Split(' ')[0]).ToList();
        Assert.Equal(order.LastIndexOf("critical") < order.IndexOf("ok"), order.Contains("ok"));
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
    }

    [Fact]
    public void Every_form_is_the_same_twice_and_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        string[] Forms() => [Sample().ToString(), Sample().ToJson(), Sample().ToMarkdown(), Sample().ToHtml(), Sample().ToHtmlFragment()];
        var plain = Forms();
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator, other.NumberFormat.NegativeSign, other.NumberFormat.PercentDecimalSeparator) = (",", ".", "−", ",");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(plain, Forms());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Hostile_names_stay_text_in_html()
    {
        var html = Sample(Hostile).ToHtml();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\0', html);
        Assert.DoesNotContain('\u202E', html);
        Assert.Single(Regex.Matches(html, "<style"));
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        // Every tag is one of ours, with attributes of ours.
        string[] tags = ["!DOCTYPE", "html", "head", "meta", "title", "body", "main", "style", "header", "h1", "h2", "h3", "p", "b", "div", "table", "thead", "tbody", "tr", "th", "td", "section", "article", "span", "svg", "path", "details", "summary", "pre"];
        foreach (Match tag in Tags().Matches(html)) Assert.Contains(tag.Groups[1].Value, tags);
        foreach (Match attribute in Attributes().Matches(html)) Assert.DoesNotMatch("^(on|href|src|xlink)", attribute.Groups[1].Value);
    }

    [Fact]
    public void Html_asks_nobody_for_anything_and_says_every_verdict_in_words()
    {
        var html = Sample().ToHtml();
        Assert.DoesNotContain("http:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"", html, StringComparison.Ordinal); // two reports in one notebook cannot collide
        Assert.Contains(">critical</td>".Replace("</td>", "<td>", StringComparison.Ordinal), html, StringComparison.Ordinal);
        Assert.Contains("<svg role=\"img\" aria-label=\"distribution of amount\"", html, StringComparison.Ordinal);
        Assert.Contains(Sample().Reference.Id, html, StringComparison.Ordinal);
        Assert.Contains("unseen: 0% → 33.3%", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tags_of_html_are_balanced()
    {
        string[] open = ["html", "head", "body", "main", "style", "header", "h1", "h2", "h3", "p", "b", "div", "table", "thead", "tbody", "tr", "section", "article", "span", "svg", "details", "summary", "pre", "title"];
        foreach (var html in (string[])[Sample().ToHtml(), Sample(Hostile).ToHtml(), Sample().ToHtmlFragment()])
            foreach (var tag in open) Assert.Equal(Regex.Count(html, $"<{tag}[ >]"), Regex.Count(html, $"</{tag}>"));
    }

    [Fact]
    public void Text_has_a_contrast_of_at_least_4_5_in_both_themes()
    {
        var html = Sample().ToHtml();
        var dark = html.IndexOf("prefers-color-scheme:dark", StringComparison.Ordinal);
        foreach (var theme in (string[])[html[..dark], html[dark..]])
            foreach (var ink in (string[])["ink", "soft", "bad", "warn", "good"])
            {
                double a = Luminance(theme, ink), b = Luminance(theme, "paper");
                Assert.InRange((Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05), 4.5, 21);
            }

        static double Luminance(string css, string name)
        {
            var hex = Regex.Match(css, $"--{name}:#([0-9a-f]+)").Groups[1].Value;
            if (hex.Length == 3) hex = string.Concat(hex.Select(c => $"{c}{c}"));
            var linear = Enumerable.Range(0, 3).Select(i => Convert.ToInt32(hex.Substring(i * 2, 2), 16) / 255.0).Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.5)]
    public void A_report_of_100_columns_stays_under_120_KB(double shift)
    {
        var random = new Random(4);
        var schema = new Schema(Enumerable.Range(0, 100).Select(i => ColumnSpec.Numeric($"a_feature_with_a_long_name_{i}")));
        ProfileBuilder Fill(ProfileBuilder builder, int rows, double by)
        {
            foreach (var column in schema.Columns) builder.Add(column.Name, random.Normals(rows, by));
            return builder;
        }
        var reference = Fill(ProfileBuilder.ForReference(schema), 2000, 0).ToProfile();
        var html = DriftReport.Compare(reference, Fill(ProfileBuilder.ForWindow(reference), 1000, shift).ToProfile()).ToHtml();
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(html), 10_000, 120_000);
    }

    [Fact]
    public void The_embedded_numbers_are_json()
    {
        var html = Sample(Hostile).ToHtml();
        var start = html.IndexOf("<pre class=\"d-data\">", StringComparison.Ordinal) + "<pre class=\"d-data\">".Length;
        var json = html[start..html.IndexOf("</pre>", start, StringComparison.Ordinal)].Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        var members = document.RootElement.GetProperty("members").GetArrayLength();
        Assert.Equal(Sample().Readings.Count, document.RootElement.GetProperty("readings").GetArrayLength());
        Assert.All(document.RootElement.GetProperty("readings").EnumerateArray(), row => Assert.Equal(members, row.GetArrayLength()));
    }

    [Fact]
    public void Markdown_shows_what_moved_and_keeps_hostile_names_as_text()
    {
        var markdown = Sample(Hostile).ToMarkdown();
        Assert.StartsWith("# Drift report\n\n**2 columns moved", markdown, StringComparison.Ordinal);
        Assert.Contains("## Moved", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("[x](", markdown, StringComparison.Ordinal);
        foreach (var line in markdown.Split('\n').Where(line => line.StartsWith("| amount", StringComparison.Ordinal) || line.Contains("script", StringComparison.Ordinal)))
            Assert.Equal(8, Regex.Count(line, @"(?<!\\)\|")); // seven cells
    }

    [Fact]
    public void Nothing_to_report_is_reported()
    {
        var empty = new DriftReport(new([], 0), new([], 0), []);
        Assert.Equal("no drift: 0 rows against 0 of the reference\n", empty.ToString());
        Assert.Contains("no drift", empty.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("no drift", empty.ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(Verdict.None, empty.Verdict);
    }

    [Fact]
    public void Readings_of_other_kinds_are_listed()
    {
        var sample = Sample();
        var report = new DriftReport(sample.Reference, sample.Current, [.. sample.Readings, new() { Measure = "f1", Kind = ReadingKind.Performance, Value = 0.8125, ReferenceValue = 0.9, Verdict = Verdict.Critical }]);
        Assert.Contains("<th scope=\"row\">f1", report.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("| \\(all rows\\)".Replace("\\(", "(", StringComparison.Ordinal).Replace("\\)", ")", StringComparison.Ordinal), report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("0.8125", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_notebook_finds_the_formatter_by_convention()
    {
        var attribute = Assert.Single(typeof(DriftReport).GetCustomAttributes(false), a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var source = Activator.CreateInstance((Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!)!;
        var formatter = Assert.Single(((IEnumerable<object>)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, null)!).ToArray());
        Assert.Equal("text/html", formatter.GetType().GetProperty("MimeType")!.GetValue(formatter));
        var format = formatter.GetType().GetMethod("Format")!;
        using var writer = new StringWriter();
        Assert.Equal(true, format.Invoke(formatter, [Sample(), writer]));
        Assert.Equal(Sample().ToHtmlFragment(), writer.ToString());
        Assert.Equal(false, format.Invoke(formatter, ["text", writer]));
    }

    [GeneratedRegex("<([!a-zA-Z0-9]+)")]
    private static partial Regex Tags();

    [GeneratedRegex("<[a-z][^<>]*? ([a-zA-Z:-]+)=\"")]
    private static partial Regex Attributes();

    /// <summary>A numeric column that moved, a categorical one with a new category, one that stayed, one of nulls.</summary>
    static DriftReport Sample(string category = "FR")
    {
        var random = new Random(6);
        var name = category == "FR" ? "country" : category;
        var schema = Schema.Of(ColumnSpec.Numeric("amount"), ColumnSpec.Categorical(name), ColumnSpec.Numeric("age"), ColumnSpec.Numeric("gone"));
        var reference = ProfileBuilder.ForReference(schema).Add("amount", random.Normals(4000)).Add(name, Enumerable.Range(0, 4000).Select(i => i % 2 == 0 ? "DE" : category))
            .Add("age", Enumerable.Range(0, 4000).Select(i => (double)(i % 50)).ToArray());
        reference.AddNull(3, 4000);
        var profile = reference.ToProfile();
        var window = ProfileBuilder.ForWindow(profile).Add("amount", random.Normals(1500, 0.8)).Add(name, Enumerable.Range(0, 1500).Select(i => i % 3 == 0 ? "DE" : i % 3 == 1 ? category : "new"))
            .Add("age", Enumerable.Range(0, 1500).Select(i => (double)(i % 50)).ToArray());
        window.AddNull(3, 1500);
        return DriftReport.Compare(profile, window.ToProfile());
    }
}
