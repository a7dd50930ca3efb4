using System.Globalization;
using System.Text.Json;

namespace Drift.Worker.Commands;

/// <summary>What evaluate, estimate and contrast print: one JSON document, or a table for people.</summary>
sealed record PerformanceReport(string Recipe, long? ReferenceRows, long Rows, IReadOnlyList<Reading> Readings)
{
    /// <summary>The chunks with their readings; null for a report without chunks.</summary>
    public IReadOnlyList<(Chunk Chunk, IReadOnlyList<Reading> Readings)>? Chunks { get; init; }

    /// <summary>A sentence that belongs above the table.</summary>
    public string? Remark { get; init; }

    /// <summary>A sentence that belongs below the table.</summary>
    public string? Summary { get; init; }

    /// <summary>Whether the readings are differences between two sides.</summary>
    public bool IsContrast { get; init; }

    public string ToJson() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("recipe", Recipe);
        if (ReferenceRows is { } rows)
        {
            json.WriteStartObject("reference");
            json.WriteNumber("rows", rows);
            json.WriteEndObject();
        }
        else json.WriteNull("reference");
        json.WriteStartObject("current");
        json.WriteNumber("rows", Rows);
        json.WriteEndObject();
        json.WritePropertyName("readings");
        ReadingFormat.Write(json, Readings);
        if (Chunks is not null) Write(json, Chunks);
        json.WriteEndObject();
    }) + "\n";

    /// <summary>The readings of all rows as a report, and chunk by chunk.</summary>
    public string ToHtml() => new DriftReport(new Profile([], ReferenceRows ?? 0), new Profile([], Rows), Readings, Recipe)
    {
        Chunks = [.. (Chunks ?? []).Select(c => new ReportChunk(c.Chunk.IsPeriod ? $"{PerformanceFlags.Text(c.Chunk, c.Chunk.Start)} to {PerformanceFlags.Text(c.Chunk, c.Chunk.End)}" : $"{c.Chunk.Index}", c.Chunk.Rows.Length, c.Readings))],
    }.ToHtml();

    static void Write(Utf8JsonWriter json, IReadOnlyList<(Chunk Chunk, IReadOnlyList<Reading> Readings)> chunks)
    {
        json.WriteStartArray("chunks");
        foreach (var (chunk, readings) in chunks)
        {
            json.WriteStartObject();
            json.WriteNumber("index", chunk.Index);
            foreach (var (name, at) in (ReadOnlySpan<(string, long)>)[("start", chunk.Start), ("end", chunk.End)])
            {
                if (chunk.IsPeriod) json.WriteString(name, PerformanceFlags.Text(chunk, at));
                else json.WriteNumber(name, at);
            }
            json.WriteNumber("rows", chunk.Rows.Length);
            json.WritePropertyName("readings");
            ReadingFormat.Write(json, readings);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The readings of all rows, then each chunk on one line with the measures that are judged or best known.</summary>
    public void WriteTable(Cli cli)
    {
        if (Remark is not null) cli.Line(Remark);
        var table = IsContrast
            ? new TextTable("measure", "segment", "champion", "challenger", "difference", "p", "p at any time", "verdict", "").Right(2, 3, 5, 6)
            : new TextTable("measure", "class or segment", "value", "interval", "reference", "ordinary", "rows", "verdict", "").Right(2, 4, 6);
        foreach (var reading in Readings) table.Row(IsContrast ? Contrast(reading) : Plain(reading));
        table.Write(cli);
        if (Summary is not null) cli.Line(Summary);
        if (Chunks is not { Count: > 1 }) return;
        cli.Line();
        // Per chunk the measures of the whole, without classes and segments.
        string[] measures = [.. Readings.Where(IsPlain).Select(r => r.Measure).Take(8)];
        var perChunk = new TextTable(["chunk", "from", "to", "rows", .. measures, "outside"]).Right([0, 3, .. Enumerable.Range(4, measures.Length)]);
        foreach (var (chunk, readings) in Chunks)
            perChunk.Row([
                chunk.Index.ToString(CultureInfo.InvariantCulture), PerformanceFlags.Text(chunk, chunk.Start), PerformanceFlags.Text(chunk, chunk.End), chunk.Rows.Length.ToString("N0", CultureInfo.InvariantCulture),
                .. measures.Select(m => readings.FirstOrDefault(r => r.Measure == m && IsPlain(r)) is { } r ? Short(r.Value) : "-"),
                string.Join(" ", readings.Where(r => r.Verdict >= Drift.Verdict.Warning && IsPlain(r)).Select(r => r.Measure))]);
        perChunk.Write(cli);
    }

    static bool IsPlain(Reading reading) => reading is { Segment: "", Column: "" } && reading.Detail?.Class is null && reading.Measure != "label_coverage";

    static string[] Plain(Reading r)
    {
        double? Number(string name) => r.Detail?.Numbers.Where(n => n.Key == name).Select(n => (double?)n.Value).FirstOrDefault();
        var ordinary = Number("threshold_lower") is null && Number("threshold_upper") is null ? "" : $"{Short(Number("threshold_lower"))}..{Short(Number("threshold_upper"))}{(Number("few_chunks") is { } few ? $" (few chunks: {few})" : "")}";
        return [r.Measure, r.Detail?.Class ?? (r.Segment.Length > 0 ? r.Segment : r.Column), Short(r.Value), Interval(r), r.ReferenceValue is { } before ? Short(before) : "", ordinary, r.Rows.ToString("N0", CultureInfo.InvariantCulture), Verdict(r), r.Status == ReadingStatus.Ok ? "" : r.Detail?.Reason ?? ""];
    }

    static string[] Contrast(Reading r)
    {
        double? Number(string name) => r.Detail?.Numbers.Where(n => n.Key == name).Select(n => (double?)n.Value).FirstOrDefault();
        return [r.Measure, r.Segment, Short(r.ReferenceValue), Short(r.Value), $"{Short(Number("difference"))} {Interval(r)}", Short(r.PValue, ""), Short(Number("p_sequential"), ""), Verdict(r), r.Detail?.Reason ?? ""];
    }

    static string Interval(Reading r) => r.Detail is { Lower: { } lower, Upper: { } upper } ? $"{Short(lower)}..{Short(upper)}" : "";

    static string Verdict(Reading r) => r.Status switch
    {
        ReadingStatus.InsufficientData => "insufficient data",
        ReadingStatus.NotApplicable => "not applicable",
        ReadingStatus.Failed => "failed",
        _ => r.Verdict == Drift.Verdict.None ? "" : r.Verdict.ToString().ToLowerInvariant(),
    };

    static string Short(double? value, string absent = "") => value is not { } number ? absent : double.IsNaN(number) ? "-" : number.ToString(Math.Abs(number) is >= 1e6 or < 1e-4 and not 0 ? "0.###E+0" : "G5", CultureInfo.InvariantCulture);
}
