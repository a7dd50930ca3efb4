using System.Text.RegularExpressions;
using Drift.Core.Tests.Measures;

namespace Drift.Core.Tests.Reports;

/// <summary>What an HTML report holds beside the columns: performance, groups, a champion, and how the columns came here.</summary>
public sealed class ReportSectionsTests
{
    static Reading Answer(string measure, double value, Verdict verdict = Verdict.Ok, params KeyValuePair<string, double>[] numbers) =>
        new() { Measure = measure, Kind = ReadingKind.Performance, Value = value, Verdict = verdict, Rows = 900, Detail = new ReadingDetail { Numbers = numbers } };

    static string Row(string html, string section, string first)
    {
        var part = html[html.IndexOf($"<section aria-label=\"{section}\">", StringComparison.Ordinal)..];
        part = part[..part.IndexOf("</section>", StringComparison.Ordinal)];
        var row = part[part.IndexOf($"<th scope=\"row\">{first}<", StringComparison.Ordinal)..];
        return Regex.Replace(row[..row.IndexOf("</tr>", StringComparison.Ordinal)], "<[^>]*>", "|");
    }

    [Fact]
    public void Performance_groups_and_the_champion_have_sections_of_their_own()
    {
        var report = new DriftReport(new([], 5000), new([], 900),
        [
            Answer("auc", .71, Verdict.Critical, new("threshold_lower", .87), new("threshold_upper", .93)) with { ReferenceValue = .9 }, Answer("estimated_auc", .84, Verdict.Warning, new KeyValuePair<string, double>("threshold_lower", .87)) with { ReferenceValue = .9 },
            Answer("rmse", 3.5, Verdict.Ok, new KeyValuePair<string, double>("threshold_upper", 4.5)),
            Answer("demographic_parity_difference", .12, Verdict.Warning) with { Column = "sex", PValue = .002, Detail = new ReadingDetail { Lower = .05, Upper = .19 } },
            Answer("contrast_auc", .88, Verdict.Ok, new KeyValuePair<string, double>("difference", .02)) with { ReferenceValue = .86, PValue = .4, Detail = new ReadingDetail { Numbers = [new("difference", .02)], Lower = -.01, Upper = .05 } },
            new() { Measure = "p99_ms", Kind = ReadingKind.Service, Value = 37, Verdict = Verdict.Ok, Rows = 900 },
        ]);
        var html = report.ToHtml();
        Assert.Equal("|auc|0.71|0.84|0.9|0.87 to 0.93|critical", Row(html, "Performance", "auc"));
        Assert.Equal("|rmse|3.5|||up to 4.5|ok", Row(html, "Performance", "rmse"));
        Assert.Equal("|demographic_parity_difference|sex|0.12|0.05 to 0.19|0.002|900|warning", Row(html, "Groups", "demographic_parity_difference"));
        Assert.Equal("|auc|0.86|0.88|0.02|-0.01 to 0.05|0.4|900|ok", Row(html, "Against the champion", "auc"));
        Assert.Equal("|p99_ms|37|ok", Row(html, "Other readings", "p99_ms"));
        // No column was compared, so nothing is said of columns or of how drift is called.
        Assert.Contains("3 measures out of range: 900 rows against 5,000 of the reference", html, StringComparison.Ordinal);
        Assert.DoesNotContain("moved", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Drift is called", html, StringComparison.Ordinal);
        Assert.Contains("nothing out of range", new DriftReport(new([], 0), new([], 900), [Answer("f1", .8)]).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_follow_with_the_measures_of_all_rows_and_those_out_of_range_by_name()
    {
        ReportChunk Chunk(string name, params Reading[] readings) => new(name, 300, readings);
        var report = new DriftReport(new([], 5000), new([], 900), [Answer("auc", .8)])
        {
            Chunks =
            [
                Chunk("<first>", Answer("auc", .9), Answer("f1", .7), Answer("auc", .1, Verdict.Critical) with { Segment = "sex=f" }, Answer("f1", .2, Verdict.Critical) with { Detail = new ReadingDetail { Class = "a" } }),
                Chunk("second", Answer("auc", .6, Verdict.Critical), Answer("rmse", 2, Verdict.Warning)),
            ],
        };
        var html = report.ToHtml();
        Assert.Equal("|&lt;first&gt;|300|0.9|0.7||", Row(html, "Chunks", "&lt;first&gt;"));
        Assert.Equal("|second|300|0.6||2|auc, rmse", Row(html, "Chunks", "second"));
        Assert.Contains("<td class=\"d-n d-critical\">0.6", html, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-label=\"Chunks\"", new DriftReport(new([], 1), new([], 1), []) { Chunks = [Chunk("only", Answer("auc", 1))] }.ToHtml(), StringComparison.Ordinal);
        var many = new DriftReport(new([], 1), new([], 1), []) { Chunks = [.. Enumerable.Range(0, 502).Select(i => Chunk($"c{i}", Answer("auc", 1)))] }.ToHtml();
        Assert.Contains("and 2 chunks before them", many, StringComparison.Ordinal);
        Assert.DoesNotContain(">c1<", many, StringComparison.Ordinal);
        Assert.Contains(">c501<", many, StringComparison.Ordinal);
    }

    [Fact]
    public void A_measure_out_of_range_is_no_column_that_moved()
    {
        var report = Compared(0);
        Assert.StartsWith("no drift, 1 measure out of range: ", new DriftReport(report.Reference, report.Current, [.. report.Readings, Answer("auc", .5, Verdict.Critical)]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_here_is_drawn_beside_each_column_with_the_critical_level()
    {
        var report = Compared(1, 0);
        var html = new DriftReport(report.Reference, report.Current, report.Readings) { History = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [0, double.NaN, .1, 1], ["b"] = [.01] } }.ToHtml();
        Assert.Contains("psi above noise over 4 windows: highest 1, last 1; critical from 0.2\"", html, StringComparison.Ordinal);
        // From nothing at the bottom over a gap to the top; the level is a fifth of the way up.
        Assert.Contains("<path class=\"d-limit\" d=\"M0 22h96\"/><path class=\"d-line\" d=\"M1 27M63 24L95 1\"/>", html, StringComparison.Ordinal);
        Assert.Contains("over 1 windows: highest 0.01", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<path class=\"d-line\""));
        Assert.DoesNotContain("d-line\" d=", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_columns_alike_in_verdict_the_one_that_moved_further_comes_first()
    {
        var names = Regex.Matches(Compared(1, 3, 2).ToHtml(), "<th scope=\"row\">([abc])<").Select(m => m.Groups[1].Value).Take(3);
        Assert.Equal(["b", "c", "a"], names);
    }

    [Fact]
    public void A_report_of_100_columns_with_20_windows_each_stays_under_120_KB()
    {
        var report = Compared([.. Enumerable.Repeat(0.0, 100)]);
        var history = report.Reference.Columns.ToDictionary(c => c.Name, _ => (IReadOnlyList<double>)[.. Enumerable.Range(0, 20).Select(i => i % 7 / 20.0)]);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(new DriftReport(report.Reference, report.Current, report.Readings) { History = history }.ToHtml()), 10_000, 120_000);
    }

    /// <summary>Columns a, b, c.. of which each has moved so far.</summary>
    static DriftReport Compared(params double[] shifts)
    {
        var random = new Random(3);
        var schema = new Schema(shifts.Select((_, i) => ColumnSpec.Numeric(i < 26 ? $"{(char)('a' + i)}" : $"column {i}")));
        ProfileBuilder Fill(ProfileBuilder builder, int rows, double by)
        {
            for (var i = 0; i < shifts.Length; i++) builder.Add(schema.Columns[i].Name, random.Normals(rows, by * shifts[i]));
            return builder;
        }
        var reference = Fill(ProfileBuilder.ForReference(schema), 4000, 0).ToProfile();
        return DriftReport.Compare(reference, Fill(ProfileBuilder.ForWindow(reference), 2000, 1).ToProfile());
    }
}
