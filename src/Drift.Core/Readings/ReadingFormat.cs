using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>
/// The JSON of a reading, the same on the command line, over HTTP and in the store: numbers round-trip, non-finite numbers are the strings
/// <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, enumerations are in snake_case.
/// </summary>
/// <remarks>
/// The members <c>measure, column, segment, value, reference_value, p_value, p_adjusted, rows, status, verdict, detail</c> are always there, null where there
/// is nothing; <c>role</c> stands only when the column is not a feature, and <c>kind</c> only when it is not the one that <see cref="Drift.Measure"/> gives
/// the measure. In <c>detail</c> the numbers of <see cref="ReadingDetail.Numbers"/> are members of their own.
/// </remarks>
public static partial class ReadingFormat
{
    /// <summary>Writes one reading as an object.</summary>
    /// <exception cref="ArgumentException">A number of the detail has the name of one of the detail's other members.</exception>
    public static void Write(Utf8JsonWriter writer, Reading reading)
    {
        writer.WriteStartObject();
        writer.WriteString("measure"u8, reading.Measure);
        writer.WriteString("column"u8, reading.Column);
        if (reading.Role != ColumnRole.Feature) writer.WriteString("role"u8, Roles[(int)reading.Role]);
        if (reading.Kind != Measure.KindOf(reading.Measure)) writer.WriteString("kind"u8, Kinds[(int)reading.Kind]);
        writer.WriteString("segment"u8, reading.Segment);
        JsonNumber.Write(writer, "value", reading.Value);
        WriteOptional(writer, "reference_value"u8, reading.ReferenceValue, always: true);
        WriteOptional(writer, "p_value"u8, reading.PValue, always: true);
        WriteOptional(writer, "p_adjusted"u8, reading.PAdjusted, always: true);
        writer.WriteNumber("rows"u8, reading.Rows);
        writer.WriteString("status"u8, Statuses[(int)reading.Status]);
        writer.WriteString("verdict"u8, Verdicts[(int)reading.Verdict]);
        if (reading.Detail is { } detail) WriteDetail(writer, detail);
        else writer.WriteNull("detail"u8);
        writer.WriteEndObject();
    }

    /// <summary>Writes readings as an array.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Reading> readings)
    {
        writer.WriteStartArray();
        foreach (var reading in readings) Write(writer, reading);
        writer.WriteEndArray();
    }

    /// <summary>One reading as text.</summary>
    public static string ToJson(Reading reading)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, reading);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double? value, bool always = false)
    {
        if (value is null && !always) return;
        writer.WritePropertyName(name);
        if (value is { } number) JsonNumber.Write(writer, number);
        else writer.WriteNullValue();
    }

    static void WriteDetail(Utf8JsonWriter writer, ReadingDetail detail)
    {
        writer.WriteStartObject("detail"u8);
        if (detail.Reason is not null) writer.WriteString("reason"u8, detail.Reason);
        if (detail.Recipe is not null) writer.WriteString("recipe"u8, detail.Recipe);
        WriteOptional(writer, "lower"u8, detail.Lower);
        WriteOptional(writer, "upper"u8, detail.Upper);
        if (detail.Class is not null) writer.WriteString("class"u8, detail.Class);
        foreach (var (name, value) in detail.Numbers)
        {
            if (name is "reason" or "recipe" or "lower" or "upper" or "class" or "cells")
                throw new ArgumentException($"a number of a reading's detail cannot be named '{name}': that is another member's name");
            WriteOptional(writer, Encoding.UTF8.GetBytes(name), value);
        }
        if (detail.Cells.Count > 0)
        {
            writer.WriteStartArray("cells"u8);
            for (var i = 0; i < detail.Cells.Count; i++) WriteCell(writer, detail.Cells[i]);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    static void WriteCell(Utf8JsonWriter writer, CellShare cell)
    {
        writer.WriteStartObject();
        writer.WriteString("cell"u8, cell.Cell);
        WriteOptional(writer, "reference"u8, cell.Reference);
        WriteOptional(writer, "current"u8, cell.Current);
        WriteOptional(writer, "contribution"u8, cell.Contribution);
        writer.WriteEndObject();
    }

    internal static readonly string[] Roles = ["feature", "prediction", "score", "truth", "segment", "service", "id", "time", "ignore"];
    internal static readonly string[] Kinds = ["drift", "quality", "performance", "service"];
    internal static readonly string[] Statuses = ["ok", "insufficient_data", "not_applicable", "failed"];
    internal static readonly string[] Verdicts = ["none", "ok", "warning", "critical"];
}
