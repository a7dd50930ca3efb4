using System.Globalization;
using System.Text.Json;

namespace Drift;

/// <summary>Numbers in Drift's JSON: finite ones round-trip, the others are the strings "NaN", "Infinity" and "-Infinity".</summary>
public static class JsonNumber
{
    /// <summary>Writes a number as a property.</summary>
    public static void Write(Utf8JsonWriter writer, string name, double value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }

    /// <summary>Writes a number as a value.</summary>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reads a number that <see cref="Write(Utf8JsonWriter, double)"/> wrote.</summary>
    public static bool TryRead(JsonElement element, out double value)
    {
        value = double.NaN;
        if (element.ValueKind == JsonValueKind.Number) return element.TryGetDouble(out value) && double.IsFinite(value);
        if (element.ValueKind != JsonValueKind.String) return false;
        switch (element.GetString())
        {
            case "NaN": return true;
            case "Infinity": value = double.PositiveInfinity; return true;
            case "-Infinity": value = double.NegativeInfinity; return true;
            default: return false;
        }
    }
}
