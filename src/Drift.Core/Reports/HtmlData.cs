using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>The numbers of a report for programs, inside its HTML.</summary>
static class HtmlData
{
    /// <summary>
    /// The size up to which readings are embedded, the worst first. A report of 100 columns stays under 120 KB; the whole document is what <see cref="DriftReport.ToJson"/> gives.
    /// </summary>
    const int MostBytes = 16 * 1024;

    public static void Append(StringBuilder html, DriftReport report)
    {
        var rows = new List<string>();
        var size = 0;
        var all = report.WorstFirst().ToList();
        foreach (var reading in all)
        {
            var row = Row(reading);
            if ((size += row.Length + 2) > MostBytes) break;
            rows.Add(row);
        }
        var head = "{\"recipe\":" + Quote(report.Recipe) + $",\"reference\":{{\"rows\":{report.Reference.Rows}}},\"current\":{{\"rows\":{report.Current.Rows}}},"
            + "\"members\":[\"measure\",\"column\",\"segment\",\"value\",\"reference_value\",\"p_value\",\"p_adjusted\",\"rows\",\"status\",\"verdict\"],\"readings\":[\n";
        html.Append("<section aria-label=\"Data\"><details><summary>Data: ").Append(rows.Count == all.Count ? "all" : $"the {rows.Count} worst of {all.Count}").Append(" readings as JSON</summary><pre class=\"d-data\">")
            .Append(HtmlText.EncodeJson(head + string.Join(",\n", rows) + "\n]}")).Append("</pre></details></section>\n");
    }

    static string Quote(string text) => JsonEncodedText.Encode(text) is var encoded ? $"\"{encoded}\"" : "";

    static string Row(Reading reading)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(reading.Measure);
            writer.WriteStringValue(reading.Column);
            writer.WriteStringValue(reading.Segment);
            JsonNumber.Write(writer, reading.Value);
            foreach (var number in (ReadOnlySpan<double?>)[reading.ReferenceValue, reading.PValue, reading.PAdjusted])
                if (number is { } value) JsonNumber.Write(writer, value);
                else writer.WriteNullValue();
            writer.WriteNumberValue(reading.Rows);
            writer.WriteStringValue(ReadingFormat.Statuses[(int)reading.Status]);
            writer.WriteStringValue(ReadingFormat.Verdicts[(int)reading.Verdict]);
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
