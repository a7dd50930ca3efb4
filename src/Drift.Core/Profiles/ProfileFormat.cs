using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>
/// The profile document: <c>{"format":"drift-profile","version":1,..}</c>, what a reference, a window and a service's live profile look like on
/// disk and on the wire. Counts and edges survive bit by bit; a reader refuses members it does not know unless their name starts with x-.
/// </summary>
public static partial class ProfileFormat
{
    internal const string Creator = "Drift 0.1.0";

    static readonly string[] Extras = ["baseline", "performance", "calibration", "loss_model", "projection"];

    /// <summary>Writes a profile as JSON in UTF-8.</summary>
    public static byte[] Write(Profile profile, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = indented })) Write(writer, profile);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a profile as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, Profile profile)
    {
        writer.WriteStartObject();
        writer.WriteString("format", "drift-profile");
        writer.WriteNumber("version", 1);
        writer.WriteString("model", profile.Model);
        writer.WriteString("model_version", profile.ModelVersion);
        writer.WriteNumber("rows", profile.Rows);
        if (profile.Start is { } start && profile.End is { } end)
        {
            writer.WriteStartObject("window");
            writer.WriteString("start", start.UtcDateTime);
            writer.WriteString("end", end.UtcDateTime);
            writer.WriteEndObject();
        }
        writer.WriteString("created_by", Creator);
        writer.WriteStartArray("columns");
        foreach (var column in profile.Columns) Write(writer, column);
        writer.WriteEndArray();
        foreach (var (name, json) in profile.Extras)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json);
        }
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, ColumnProfile column)
    {
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteString("kind", ColumnNames.Of(column.Spec.Kind));
        writer.WriteString("role", ColumnNames.Of(column.Spec.Role));
        if (column.Histogram is { } histogram) Write(writer, histogram);
        else Write(writer, column.Categories!);
        if (column.Sketch is { } sketch) writer.WriteBase64String("sketch", SketchBytes(sketch));
        SchemaFormat.WriteRules(writer, column.Spec, onlyGiven: true);
        if (column.Forbidden > 0) writer.WriteNumber("forbidden", column.Forbidden);
        if (column.DesignEffect > 1) JsonNumber.Write(writer, "design_effect", column.DesignEffect);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Histogram histogram)
    {
        writer.WriteStartArray("edges");
        foreach (var edge in histogram.Binning.Edges) writer.WriteNumberValue(edge);
        writer.WriteEndArray();
        writer.WriteStartArray("counts");
        foreach (var count in histogram.Counts) writer.WriteNumberValue(count);
        writer.WriteEndArray();
        writer.WriteNumber("null", histogram.Null);
        writer.WriteNumber("nan", histogram.NaN);
        writer.WriteNumber("negative_infinity", histogram.NegativeInfinity);
        writer.WriteNumber("positive_infinity", histogram.PositiveInfinity);
        writer.WriteNumber("below", histogram.Below);
        writer.WriteNumber("above", histogram.Above);
        writer.WriteNumber("mismatched", histogram.Mismatched);
        var moments = histogram.Moments;
        writer.WriteStartObject("moments");
        writer.WriteNumber("n", moments.N);
        JsonNumber.Write(writer, "mean", moments.Mean);
        JsonNumber.Write(writer, "m2", moments.M2);
        JsonNumber.Write(writer, "min", moments.Min);
        JsonNumber.Write(writer, "max", moments.Max);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, CategoryCounts counts)
    {
        writer.WriteStartArray("categories");
        foreach (var category in counts.Categories) writer.WriteStringValue(category);
        writer.WriteEndArray();
        writer.WriteStartArray("counts");
        foreach (var count in counts.Counts) writer.WriteNumberValue(count);
        writer.WriteEndArray();
        writer.WriteNumber("other", counts.Other);
        writer.WriteBase64String("known", KnownBytes(counts.Vocabulary));
        writer.WriteNumber("singletons", counts.Vocabulary.Singletons);
        writer.WriteNumber("unseen", counts.Unseen);
        writer.WriteNumber("null", counts.Null);
        writer.WriteNumber("mismatched", counts.Mismatched);
    }

    static byte[] KnownBytes(Vocabulary vocabulary)
    {
        var bytes = new byte[vocabulary.Known.Length * 8];
        for (var i = 0; i < vocabulary.Known.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), vocabulary.Known[i]);
        return bytes;
    }

    /// <summary>The hash of everything that must agree for two profiles to be merged: names, kinds, edges, vocabularies.</summary>
    internal static string CellsHash(Profile profile)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var column in profile.Columns)
        {
            Append(hash, column.Name);
            if (column.Histogram is { } histogram)
            {
                foreach (var edge in histogram.Binning.Edges)
                {
                    BinaryPrimitives.WriteDoubleLittleEndian(number, edge);
                    hash.AppendData(number);
                }
                continue;
            }
            var vocabulary = column.Categories!.Vocabulary;
            foreach (var category in vocabulary.Categories) Append(hash, category);
            hash.AppendData(KnownBytes(vocabulary));
            BinaryPrimitives.WriteInt64LittleEndian(number, vocabulary.Singletons);
            hash.AppendData(number);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    static void Append(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
