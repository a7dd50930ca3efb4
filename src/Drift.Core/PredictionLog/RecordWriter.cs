using System.Buffers;
using System.Text.Json;

namespace Drift;

/// <summary>Writes native records: what a service that logs its predictions, <c>drift send</c> and the demo put on a topic. One <see cref="Begin"/>, features, then the rest, one <see cref="End"/>.</summary>
public sealed class RecordWriter : IDisposable
{
    readonly Utf8JsonWriter json;
    bool features;

    /// <summary>Writes to a buffer; records follow one another without a separator.</summary>
    public RecordWriter(IBufferWriter<byte> output) => json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Starts a record.</summary>
    public RecordWriter Begin(DateTimeOffset time, string model, string? version = null, string? id = null)
    {
        json.WriteStartObject();
        json.WriteString("ts"u8, EventTime.Format(time.UtcTicks));
        if (id is not null) json.WriteString("id"u8, id);
        json.WriteString("model"u8, model);
        if (version is not null) json.WriteString("version"u8, version);
        json.WriteStartObject("features"u8);
        features = true;
        return this;
    }

    /// <summary>A number among the features; NaN and the infinities become text.</summary>
    public RecordWriter Feature(string name, double value)
    {
        json.WritePropertyName(name);
        Number(value);
        return this;
    }

    /// <summary>A category among the features.</summary>
    public RecordWriter Feature(string name, string? value)
    {
        json.WriteString(name, value);
        return this;
    }

    /// <summary>A truth value among the features.</summary>
    public RecordWriter Feature(string name, bool value)
    {
        json.WriteBoolean(name, value);
        return this;
    }

    /// <summary>A feature that is not known.</summary>
    public RecordWriter Null(string name)
    {
        json.WriteNull(name);
        return this;
    }

    /// <summary>The model's answer, a number.</summary>
    public RecordWriter Prediction(double value)
    {
        EndFeatures();
        json.WritePropertyName("prediction"u8);
        Number(value);
        return this;
    }

    /// <summary>The model's answer, a class.</summary>
    public RecordWriter Prediction(string value)
    {
        EndFeatures();
        json.WriteString("prediction"u8, value);
        return this;
    }

    /// <summary>The scores by class.</summary>
    public RecordWriter Scores(IEnumerable<KeyValuePair<string, double>> scores)
    {
        EndFeatures();
        json.WriteStartObject("scores"u8);
        foreach (var (name, value) in scores)
        {
            json.WritePropertyName(name);
            Number(value);
        }
        json.WriteEndObject();
        return this;
    }

    /// <summary>How long the answer took.</summary>
    public RecordWriter Latency(double milliseconds)
    {
        EndFeatures();
        json.WritePropertyName("latency_ms"u8);
        Number(milliseconds);
        return this;
    }

    /// <summary>Ends the record.</summary>
    public void End()
    {
        EndFeatures();
        json.WriteEndObject();
        json.Flush();
        json.Reset();
    }

    /// <summary>Frees the writer.</summary>
    public void Dispose() => json.Dispose();

    void EndFeatures()
    {
        if (features) json.WriteEndObject();
        features = false;
    }

    void Number(double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
}
