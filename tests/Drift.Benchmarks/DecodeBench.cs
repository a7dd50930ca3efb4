using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drift.Benchmarks;

/// <summary>Native records of 30 numbers and a category: decoded into columns and counted, against what .NET offers for JSON.</summary>
sealed partial class DecodeBench : Bench
{
    const int Features = 30, Records = 2048;

    static readonly DateTimeOffset time = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    public override string Name => "decode";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("native record decode, numbers of 4 decimals, against source-generated JsonSerializer into a dictionary", 7),
        new("native record decode, numbers of 4 decimals, against a bare Utf8JsonReader walk", 1.5),
        new("native record decode, numbers of 17 digits, against source-generated JsonSerializer into a dictionary", 7),
        new("native record decode, numbers of 17 digits, against a bare Utf8JsonReader walk", 1.5),
        new("native record decode: bytes allocated per event", 0, AtMost: true, Unit: " B"),
    ];

    public override double[] Measure(Meter meter)
    {
        var (few, many) = (Ratios(meter, 4), Ratios(meter, 17));
        return [few[0], few[1], many[0], many[1], Math.Max(few[2], many[2])];
    }

    static double[] Ratios(Meter meter, int digits)
    {
        var records = Messages(Records, digits);
        var fold = new Fold(Reference());
        long sink = 0;
        var times = meter.Times(
            () =>
            {
                foreach (var record in records) fold.Take(record);
            },
            () =>
            {
                foreach (var record in records) sink += JsonSerializer.Deserialize(record, Context.Default.Event)!.features.Count;
            },
            () =>
            {
                foreach (var record in records)
                    for (var reader = new Utf8JsonReader(record); reader.Read();) sink++;
            });
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var record in records) fold.Take(record);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return [times[1] / times[0], times[2] / times[0], allocated / (double)Records];
    }

    /// <summary>What a worker does with a message of one window: read the record, put the row into columns, count these.</summary>
    public sealed class Fold
    {
        readonly RecordReader reader;
        readonly RecordBatch batch;

        public Fold(Profile reference)
        {
            var layout = new RecordLayout("fraud", reference.Schema.Columns);
            reader = new(new([layout]));
            batch = new(layout, ProfileBuilder.ForWindow(reference));
        }

        public void Take(ReadOnlySpan<byte> message)
        {
            if (reader.Read(message, time.UtcTicks) != RecordOutcome.Ok) throw new InvalidOperationException("the bench's record was not read");
            batch.Add(reader.Row);
        }
    }

    public static Profile Reference()
    {
        var builder = ProfileBuilder.ForReference(new([.. Enumerable.Range(0, Features).Select(i => ColumnSpec.Numeric($"f{i}")), ColumnSpec.Categorical("country")]));
        for (var i = 0; i < Features; i++) builder.Add($"f{i}", Samples.Normal(10_000, i));
        return builder.Add("country", Enumerable.Range(0, 10_000).Select(Country)).ToProfile();
    }

    static string Country(int row) => row % 3 == 0 ? "DE" : row % 3 == 1 ? "FR" : "PL";

    public static byte[][] Messages(int count, int digits)
    {
        var random = new Random(5);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new RecordWriter(buffer);
        var messages = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            buffer.Clear();
            writer.Begin(time.AddMilliseconds(-i), "fraud", "3", $"r-{i}");
            for (var f = 0; f < Features; f++)
            {
                var x = (random.NextDouble() - 0.2) * Math.Pow(10, random.Next(0, 3));
                writer.Feature($"f{f}", digits < 17 ? Math.Round(x, digits) : x);
            }
            writer.Feature("country", Country(i)).Prediction(Math.Round(random.NextDouble(), 3)).Latency(Math.Round(random.NextDouble() * 50, 1)).End();
            messages[i] = buffer.WrittenSpan.ToArray();
        }
        return messages;
    }

    /// <summary>The record as a C# type; the names are JSON's.</summary>
    internal sealed class Event
    {
        public DateTimeOffset ts { get; set; }

        public string id { get; set; } = "";

        public string model { get; set; } = "";

        public string version { get; set; } = "";

        public Dictionary<string, JsonElement> features { get; set; } = [];

        public double prediction { get; set; }

        public double latency_ms { get; set; }
    }

    [JsonSerializable(typeof(Event))]
    sealed partial class Context : JsonSerializerContext;
}
