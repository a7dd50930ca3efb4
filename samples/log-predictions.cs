// A service that logs its predictions to Kafka, for the worker to watch. Run with a broker: drift broker --topic predictions:4
#:project ../src/Drift.Core/Drift.Core.csproj
#:package Confluent.Kafka
#:property NeedsKafka=true
#:property PublishAot=false
using System.Buffers;
using Confluent.Kafka;
using Drift;

var servers = Environment.GetEnvironmentVariable("DRIFT_SAMPLE_BOOTSTRAP") ?? "localhost:9092";
using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = servers, EnableIdempotence = true, LingerMs = 20, MessageTimeoutMs = 10_000 }).Build();
var random = new Random(1);
var buffer = new ArrayBufferWriter<byte>();
using var writer = new RecordWriter(buffer);
for (var i = 0; i < 1_000; i++)
{
    var (amount, country) = (Math.Round(50 * Math.Exp(random.NextDouble()), 2), random.Next(3) == 0 ? "FR" : "DE");
    var score = 1 / (1 + Math.Exp(3 - amount / 40));
    buffer.ResetWrittenCount();
    writer.Begin(DateTimeOffset.UtcNow, "fraud", "3", $"r-{i}").Feature("amount", amount).Feature("country", country).Prediction(score).Latency(random.NextDouble() * 10).End();
    // The id as key: a prediction and the truth that comes for it later meet in one partition.
    producer.Produce("predictions", new Message<string, byte[]> { Key = $"r-{i}", Value = buffer.WrittenSpan.ToArray() });
}
producer.Flush(TimeSpan.FromSeconds(15));
Console.WriteLine("1000 predictions logged");
