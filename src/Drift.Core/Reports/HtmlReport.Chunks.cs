using System.Text;

namespace Drift;

static partial class HtmlReport
{
    /// <summary>So many chunks are listed, the last ones, and so many measures of each.</summary>
    const int MostChunks = 500, MostChunkMeasures = 8;

    /// <summary>Chunk by chunk the measures of all rows together, and by name which of them are out of range.</summary>
    static void AppendChunks(StringBuilder html, DriftReport report)
    {
        if (report.Chunks.Count < 2) return;
        var measures = report.Chunks.SelectMany(chunk => chunk.Readings).Where(IsOfAll).Select(reading => reading.Measure).Distinct().Take(MostChunkMeasures).ToList();
        html.Append("<section aria-label=\"Chunks\"><h2>Chunks</h2><div class=\"d-scroll\"><table><thead><tr><th scope=\"col\">Chunk<th scope=\"col\" class=\"d-n\">Rows");
        foreach (var measure in measures) html.Append("<th scope=\"col\" class=\"d-n\">").Append(HtmlText.Encode(measure, 60));
        html.Append("<th scope=\"col\">Out of range</tr></thead><tbody>\n");
        foreach (var chunk in report.Chunks.Skip(report.Chunks.Count - MostChunks))
        {
            var own = chunk.Readings.Where(IsOfAll).ToList();
            html.Append("<tr><th scope=\"row\">").Append(HtmlText.Encode(chunk.Name, 80)).Append("<td class=\"d-n\">").Append(DriftReport.Count(chunk.Rows));
            foreach (var measure in measures)
            {
                var reading = own.Find(r => r.Measure == measure);
                html.Append("<td class=\"d-n d-").Append(Word(reading?.Verdict ?? Verdict.None)).Append("\">").Append(Value(reading));
            }
            html.Append("<td>").Append(HtmlText.Encode(string.Join(", ", own.Where(r => r.Verdict >= Verdict.Warning).Select(r => r.Measure)), 200)).Append("</tr>\n");
        }
        html.Append("</tbody></table></div>");
        if (report.Chunks.Count > MostChunks) html.Append("<p>and ").Append(report.Chunks.Count - MostChunks).Append(" chunks before them</p>");
        html.Append("</section>\n");
    }

    static bool IsOfAll(Reading reading) => reading is { Segment: "", Column: "" } && reading.Detail?.Class is null && reading.Measure != "label_coverage";
}
