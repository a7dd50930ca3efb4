using System.Globalization;
using System.Text.Json;

namespace Drift;

public static partial class ReadingFormat
{
    /// <summary>Reads the object that the reader stands on (or before); afterwards it stands on the object's end.</summary>
    /// <exception cref="FormatException">What was read is not a reading; the message says which member and why.</exception>
    public static Reading Read(ref Utf8JsonReader reader)
    {
        string? measure = null;
        ReadingKind? kind = null;
        var reading = new Reading { Measure = "" };
        Open(ref reader, "a reading");
        while (Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "measure": measure = Text(ref reader, name); break;
                case "column": reading = reading with { Column = Text(ref reader, name) }; break;
                case "role": reading = reading with { Role = (ColumnRole)Word(ref reader, name, Roles) }; break;
                case "kind": kind = (ReadingKind)Word(ref reader, name, Kinds); break;
                case "segment": reading = reading with { Segment = Text(ref reader, name) }; break;
                case "value": reading = reading with { Value = Number(ref reader, name) }; break;
                case "reference_value": reading = reading with { ReferenceValue = Optional(ref reader, name) }; break;
                case "p_value": reading = reading with { PValue = Optional(ref reader, name) }; break;
                case "p_adjusted": reading = reading with { PAdjusted = Optional(ref reader, name) }; break;
                case "rows": reading = reading with { Rows = Whole(ref reader, name) }; break;
                case "status": reading = reading with { Status = (ReadingStatus)Word(ref reader, name, Statuses) }; break;
                case "verdict": reading = reading with { Verdict = (Verdict)Word(ref reader, name, Verdicts) }; break;
                case "detail": reading = reading with { Detail = reader.TokenType == JsonTokenType.Null ? null : Detail(ref reader) }; break;
                default: Unknown(ref reader, name, "a reading"); break;
            }
        }
        if (string.IsNullOrEmpty(measure)) throw new FormatException("a reading has no 'measure'");
        return reading with { Measure = measure, Kind = kind ?? Measure.KindOf(measure) };
    }

    /// <summary>Reads an array of readings.</summary>
    /// <exception cref="FormatException">What was read is not an array of readings.</exception>
    public static IReadOnlyList<Reading> ReadAll(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.None) Advance(ref reader);
        if (reader.TokenType != JsonTokenType.StartArray) throw new FormatException($"readings must be an array, not {reader.TokenType}");
        var readings = new List<Reading>();
        while (Advance(ref reader) != JsonTokenType.EndArray) readings.Add(Read(ref reader));
        return readings;
    }

    static ReadingDetail Detail(ref Utf8JsonReader reader)
    {
        var detail = new ReadingDetail();
        List<KeyValuePair<string, double>>? numbers = null;
        Open(ref reader, "'detail'");
        while (Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "reason": detail = detail with { Reason = Text(ref reader, name) }; break;
                case "recipe": detail = detail with { Recipe = Text(ref reader, name) }; break;
                case "class": detail = detail with { Class = Text(ref reader, name) }; break;
                case "lower": detail = detail with { Lower = Number(ref reader, name) }; break;
                case "upper": detail = detail with { Upper = Number(ref reader, name) }; break;
                case "cells": detail = detail with { Cells = Cells(ref reader) }; break;
                default: (numbers ??= []).Add(new(name, Number(ref reader, name))); break;
            }
        }
        return numbers is null ? detail : detail with { Numbers = numbers };
    }

    static List<CellShare> Cells(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new FormatException("'cells' must be an array");
        var cells = new List<CellShare>();
        while (Advance(ref reader) != JsonTokenType.EndArray)
        {
            var cell = new CellShare("", double.NaN, double.NaN, double.NaN);
            Open(ref reader, "a cell");
            while (Next(ref reader) is { } name)
            {
                switch (name)
                {
                    case "cell": cell = cell with { Cell = Text(ref reader, name) }; break;
                    case "reference": cell = cell with { Reference = Number(ref reader, name) }; break;
                    case "current": cell = cell with { Current = Number(ref reader, name) }; break;
                    case "contribution": cell = cell with { Contribution = Number(ref reader, name) }; break;
                    default: Unknown(ref reader, name, "a cell"); break;
                }
            }
            cells.Add(cell);
        }
        return cells;
    }

    static void Open(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType == JsonTokenType.None) Advance(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException($"{what} must be an object, not {reader.TokenType}");
    }

    /// <summary>The next member's name, with the reader on its value; null at the object's end.</summary>
    static string? Next(ref Utf8JsonReader reader)
    {
        if (Advance(ref reader) == JsonTokenType.EndObject) return null;
        var name = reader.GetString();
        Advance(ref reader);
        return name;
    }

    static JsonTokenType Advance(ref Utf8JsonReader reader)
    {
        try
        {
            if (!reader.Read()) throw new FormatException("the JSON ends too early");
            return reader.TokenType;
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON: {e.Message}", e);
        }
    }

    static void Unknown(ref Utf8JsonReader reader, string name, string what)
    {
        if (!name.StartsWith("x-", StringComparison.Ordinal)) throw new FormatException($"{what} has no member '{name}'");
        reader.Skip();
    }

    static string Text(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new FormatException($"'{name}' must be text, not {reader.TokenType}");

    static int Word(ref Utf8JsonReader reader, string name, string[] words)
    {
        var text = Text(ref reader, name);
        var at = Array.IndexOf(words, text);
        return at >= 0 ? at : throw new FormatException($"'{name}' must be one of {string.Join(", ", words)}, not '{text}'");
    }

    static long Whole(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : throw new FormatException($"'{name}' must be a whole number");

    static double? Optional(ref Utf8JsonReader reader, string name) => reader.TokenType == JsonTokenType.Null ? null : Number(ref reader, name);

    /// <summary>Reads what <see cref="JsonNumber.Write(Utf8JsonWriter, double)"/> writes.</summary>
    static double Number(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.Number => double.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture),
        JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => double.NaN,
        JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
        _ => throw new FormatException($"'{name}' must be a number"),
    };
}
