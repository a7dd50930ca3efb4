using System.Buffers;
using System.Text.Json;

namespace Drift;

/// <summary>Tallies as JSON: <c>{"format":"drift-tally","version":1,"kind":"binary",..}</c>. Counts survive exactly, sums bit by bit.</summary>
public static partial class TallyFormat
{
    /// <summary>Writes a tally in UTF-8.</summary>
    /// <exception cref="ArgumentException">It is none of Drift's tallies.</exception>
    public static byte[] Write(object tally)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, tally);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a tally as one JSON object.</summary>
    /// <exception cref="ArgumentException">It is none of Drift's tallies.</exception>
    public static void Write(Utf8JsonWriter writer, object tally)
    {
        writer.WriteStartObject();
        writer.WriteString("format", "drift-tally");
        writer.WriteNumber("version", 1);
        switch (tally)
        {
            case BinaryTally binary: Write(writer, binary); break;
            case MulticlassTally classes: Write(writer, classes); break;
            case RegressionTally regression: Write(writer, regression); break;
            case RankingTally ranking: Write(writer, ranking); break;
            case ConfidenceTally confidence:
                writer.WriteString("kind", "confidence");
                Write(writer, "confidence", confidence.Confidence);
                Write(writer, "entropy", confidence.Entropy);
                break;
            case ServiceTally service:
                Head(writer, "service", service.Rows, service.Errors, "errors");
                Write(writer, "latency", service.Latency);
                break;
            case MetricTally metric:
                writer.WriteString("kind", "metric");
                Write(writer, "moments", metric.Moments);
                Write(writer, "quantiles", metric.Quantiles);
                break;
            default: throw new ArgumentException($"{tally.GetType().Name} is no tally", nameof(tally));
        }
        writer.WriteEndObject();
    }

    static void Head(Utf8JsonWriter writer, string kind, long rows, long second, string secondName = "labelled")
    {
        writer.WriteString("kind", kind);
        writer.WriteNumber("rows", rows);
        writer.WriteNumber(secondName, second);
    }

    static void Write(Utf8JsonWriter writer, BinaryTally tally)
    {
        Head(writer, "binary", tally.Rows, tally.Labelled);
        var c = tally.Confusion;
        Numbers(writer, "confusion", [c.TruePositive, c.FalsePositive, c.FalseNegative, c.TrueNegative]);
        Write(writer, "scores", tally.Scores);
        Numbers(writer, "calibration_rows", tally.Calibration.Rows);
        Numbers(writer, "calibration_positives", tally.Calibration.Positives);
        Numbers(writer, "calibration_sums", tally.Calibration.Sums);
        JsonNumber.Write(writer, "log_loss_sum", tally.LogLossSum);
        JsonNumber.Write(writer, "brier_sum", tally.BrierSum);
    }

    static void Write(Utf8JsonWriter writer, MulticlassTally tally)
    {
        Head(writer, "multiclass", tally.Rows, tally.Labelled);
        writer.WriteNumber("scored", tally.Scored);
        JsonNumber.Write(writer, "log_loss_sum", tally.LogLossSum);
        writer.WriteStartArray("classes");
        foreach (var name in tally.Classes) writer.WriteStringValue(name);
        writer.WriteEndArray();
        Numbers(writer, "confusion", tally.Counts);
        writer.WriteStartArray("scores");
        foreach (var scores in tally.ScoresByClass)
        {
            if (scores is null) writer.WriteNullValue();
            else Write(writer, null, scores);
        }
        writer.WriteEndArray();
    }

    static void Write(Utf8JsonWriter writer, RegressionTally tally)
    {
        Head(writer, "regression", tally.Rows, tally.Labelled);
        Write(writer, "truth", tally.Truth);
        Write(writer, "errors", tally.Errors);
        JsonNumber.Write(writer, "absolute_sum", tally.AbsoluteSum);
        JsonNumber.Write(writer, "relative_sum", tally.RelativeSum);
        writer.WriteNumber("zero_truths", tally.ZeroTruths);
        JsonNumber.Write(writer, "log_square_sum", tally.LogSquareSum);
        writer.WriteNumber("negative", tally.Negative);
    }

    static void Write(Utf8JsonWriter writer, RankingTally tally)
    {
        Head(writer, "ranking", tally.Rows, tally.Labelled);
        writer.WriteNumber("queries", tally.Queries);
        writer.WriteNumber("irrelevant", tally.Irrelevant);
        writer.WriteNumber("cut", tally.Cut);
        JsonNumber.Write(writer, "ndcg_sum", tally.NdcgSum);
        JsonNumber.Write(writer, "precision_sum", tally.PrecisionSum);
        JsonNumber.Write(writer, "reciprocal_sum", tally.ReciprocalSum);
    }

    static void Write(Utf8JsonWriter writer, string? name, ScoreTally scores)
    {
        if (name is null) writer.WriteStartObject();
        else writer.WriteStartObject(name);
        writer.WriteBoolean("exact", scores.IsExact);
        writer.WriteNumber("limit", scores.Limit);
        Numbers(writer, "scores", scores.Keys);
        Numbers(writer, "positives", scores.PositivesByKey);
        Numbers(writer, "negatives", scores.NegativesByKey);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, string name, Moments moments)
    {
        writer.WriteStartArray(name);
        writer.WriteNumberValue(moments.N);
        foreach (var value in (double[])[moments.Mean, moments.M2, moments.Min, moments.Max]) JsonNumber.Write(writer, value);
        writer.WriteEndArray();
    }

    static void Write(Utf8JsonWriter writer, string name, QuantileSketch sketch)
    {
        writer.WriteStartObject(name);
        writer.WriteStartArray("cells");
        foreach (var cell in sketch.Cells) writer.WriteNumberValue(cell);
        writer.WriteEndArray();
        Numbers(writer, "counts", sketch.Counts);
        writer.WriteEndObject();
    }

    static void Numbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    static void Numbers(Utf8JsonWriter writer, string name, ReadOnlySpan<double> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) JsonNumber.Write(writer, value);
        writer.WriteEndArray();
    }
}
