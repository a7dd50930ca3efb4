using System.Globalization;
using System.IO.Compression;
using System.Text;
using Confluent.Kafka;
using Drift.Tests;

namespace Drift.Worker.Tests.Chaos;

/// <summary>One prediction of car_loan, and what turned out to be right.</summary>
readonly record struct Loan(DateTimeOffset Time, string Id, bool Truth, bool Predicted, double Score);

/// <summary>car_loan's analysis data as two logs, read by nothing but this file: predictions, and their labels 30 days later.</summary>
sealed class CarLoanLog(string bootstrap, int partitions)
{
    public static readonly TimeSpan Delay = TimeSpan.FromDays(30), Window = TimeSpan.FromDays(28);

    readonly string head = Lines(Analysis).First();
    readonly List<string> lines = [.. Lines(Analysis).Skip(1)];

    static string Analysis => TestData.Path("datasets/car_loan_analysis.csv.gz");

    public List<Loan> Loans { get; } = Read();

    public int Sent { get; private set; }

    public int Told { get; private set; }

    public static DateTimeOffset WindowOf(DateTimeOffset time) => DateTimeOffset.UnixEpoch + Window * Math.Floor((time - DateTimeOffset.UnixEpoch) / Window);

    static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }

    static List<Loan> Read()
    {
        var truth = Lines(TestData.Path("datasets/car_loan_labels_delayed.csv.gz")).Skip(1).Select(l => l.Split(',')).ToDictionary(r => r[0], r => r[1] == "1");
        var head = Lines(Analysis).First().Split(',');
        var (id, time, score, said) = (Array.IndexOf(head, "id"), Array.IndexOf(head, "timestamp"), Array.IndexOf(head, "y_pred_proba"), Array.IndexOf(head, "y_pred"));
        return [.. Lines(Analysis).Skip(1).Select(l => l.Split(',')).Select(r =>
            new Loan(DateTimeOffset.Parse(r[time], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), r[id], truth[r[id]], r[said] == "1", double.Parse(r[score], CultureInfo.InvariantCulture)))];
    }

    /// <summary>Everything that happened up to an instant: predictions made, spread over the partitions, then labels told, in order. The log is in order of time.</summary>
    public void ProduceUntil(DateTimeOffset until)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 20, CompressionType = CompressionType.Lz4, EnableIdempotence = true, BatchNumMessages = 100, QueueBufferingMaxMessages = 500_000 }).Build();
        var failed = 0;
        void Send(string topic, int partition, string text) => producer.Produce(
            new TopicPartition(topic, partition), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(text) }, report => _ = report.Error.IsError ? Interlocked.Increment(ref failed) : 0);
        for (; Sent < Loans.Count && Loans[Sent].Time < until; Sent++) Send("log", Sent % partitions, Record(Sent));
        for (; Told < Loans.Count && Loans[Told].Time + Delay < until; Told++)
            Send("outcomes", 0, Label(Told));
        Assert.Equal(0, producer.Flush(Eventually.Patience));
        Assert.Equal(0, failed);
    }

    /// <summary>What is nobody's, and what is told twice.</summary>
    public void TellInVain(params string[] ids)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = bootstrap }).Build();
        foreach (var id in ids)
            producer.Produce(new TopicPartition("outcomes", 0), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","ts":"{{EventTime.Format((Loans[^1].Time + Delay).UtcTicks)}}","truth":0}""") });
        Assert.Equal(0, producer.Flush(Eventually.Patience));
    }

    /// <summary>The same messages as two files.</summary>
    public void Write(string predictions, string labels)
    {
        File.WriteAllLines(predictions, Enumerable.Range(0, Loans.Count).Select(Record));
        File.WriteAllLines(labels, Enumerable.Range(0, Loans.Count).Select(Label));
    }

    string Label(int i) => $$"""{"id":"{{Loans[i].Id}}","ts":"{{EventTime.Format((Loans[i].Time + Delay).UtcTicks)}}","truth":{{(Loans[i].Truth ? 1 : 0)}}}""";

    string Record(int i)
    {
        var cells = head.Split(',').Zip(lines[i].Split(',')).ToList();
        string Features() => string.Join(',', cells.Where(c => c.First is not ("id" or "timestamp" or "y_pred" or "y_pred_proba") && c.Second.Length > 0)
            .Select(c => double.TryParse(c.Second, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? $"\"{c.First}\":{c.Second}" : $"\"{c.First}\":{System.Text.Json.JsonSerializer.Serialize(c.Second)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $$$"""{"ts":"{{{EventTime.Format(Loans[i].Time.UtcTicks)}}}","id":"{{{Loans[i].Id}}}","model":"car","version":"1","features":{{{{Features()}}}},"prediction":{{{(Loans[i].Predicted ? 1 : 0)}}},"scores":{"1":{{{Loans[i].Score:R}}}}}""");
    }
}
