using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>
/// <c>drift send</c>: prediction logs to Kafka. JSONL lines go out byte for byte; CSV rows become native records. The key of a message is the record's id, so
/// that everything about one prediction lands in one partition; without an id the records are spread evenly. Every message is acknowledged by all replicas.
/// </summary>
static class SendCommand
{
    public static Command Create(Cli cli)
    {
        var files = new Argument<string[]>("FILE") { Description = "JSONL (one message per line), .json (one message), or CSV; also .gz.", Arity = ArgumentArity.OneOrMore };
        var topic = new Option<string>("--topic") { Description = "The topic.", HelpName = "T", Required = true };
        var bootstrap = new Option<string>("--bootstrap") { Description = "The brokers.", HelpName = "HOST:PORT,..", Required = true };
        var rate = new Option<double?>("--rate") { Description = "At most this many messages a second.", HelpName = "N" };
        var format = new Option<string>("--format") { Description = "What the files hold: auto (by name or first character), csv or jsonl.", DefaultValueFactory = _ => "auto", HelpName = "auto|csv|jsonl" };
        var model = new Option<string?>("--model") { Description = "CSV: the model's name.", HelpName = "M" };
        var version = new Option<string?>("--model-version") { Description = "CSV: the model's version.", HelpName = "V" };
        var kafka = new Option<string[]>("--kafka") { Description = "A setting of librdkafka, such as security.protocol=ssl.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
        var command = new Command("send", "Publishes prediction logs to a Kafka topic.") { files, topic, bootstrap, rate, format, model, version, kafka };
        var flags = new DataFlags(command);
        command.SetAction(async (given, _) =>
        {
            if (given.GetValue(rate) is { } wanted && !(wanted > 0 && double.IsFinite(wanted))) throw new UsageException($"--rate {wanted.ToString(CultureInfo.InvariantCulture)}: a number above 0");
            if (given.GetValue(format) is not ("auto" or "csv" or "jsonl")) throw new UsageException($"--format {given.GetValue(format)}: one of auto, csv, jsonl");
            var options = flags.Read(given);
            var scores = flags.Scores(given).ToList();
            var messages = given.GetRequiredValue(files).SelectMany(file =>
                given.GetValue(format) == "jsonl" || (given.GetValue(format) == "auto" && LogMessages.AreReady(file))
                    ? LogMessages.OfJson(file)
                    : LogMessages.OfCsv(file, new RecordMapping
                    {
                        Model = given.GetValue(model) ?? throw new UsageException($"{file} is CSV: name the model its rows belong to by --model M"),
                        Version = given.GetValue(version),
                        Scores = scores,
                        Columns = options,
                    }));
            foreach (var file in given.GetRequiredValue(files))
                if (!File.Exists(file)) throw new InputException($"{file}: there is no such file");
            return await SendAsync(cli, messages, given.GetRequiredValue(topic), given.GetValue(rate), Settings(given.GetRequiredValue(bootstrap), given.GetValue(kafka)!));
        });
        return command;
    }

    static ProducerConfig Settings(string bootstrap, string[] extra)
    {
        var settings = new ProducerConfig
        {
            BootstrapServers = bootstrap,
            ClientId = "drift-send",
            EnableIdempotence = true,
            LingerMs = 20,
            CompressionType = CompressionType.Lz4,
            MessageTimeoutMs = 20_000,
            SocketConnectionSetupTimeoutMs = 5_000,
            QueueBufferingMaxMessages = 20_000,
        };
        foreach (var setting in extra)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new UsageException($"--kafka {setting}: KEY=VALUE is wanted");
            settings.Set(setting[..at], setting[(at + 1)..]);
        }
        return settings;
    }

    static async Task<int> SendAsync(Cli cli, IEnumerable<Outgoing> messages, string topic, double? rate, ProducerConfig settings)
    {
        using var until = cli.UntilSignal();
        using var progress = new Progress(cli, "messages");
        var pace = new Pace(cli.Time, rate);
        using var sender = new Sender(settings, topic);
        foreach (var message in messages)
        {
            if (until.Token.IsCancellationRequested) break;
            await pace.NextAsync(until.Token);
            sender.Send(message, until.Token);
            if (sender.Sent % 256 == 0 || rate is < 1000) progress.Report(sender.Sent);
        }
        await sender.FlushAsync();
        progress.Dispose();
        var said = $"{sender.Acknowledged:N0} messages to {topic}, all acknowledged, in {sender.Partitions} {(sender.Partitions == 1 ? "partition" : "partitions")}";
        if (until.Token.IsCancellationRequested) throw new InputException($"interrupted after {said}");
        cli.Line(said);
        return ExitCode.Fine;
    }
}

/// <summary>Lets through so many a second, evenly.</summary>
sealed class Pace(TimeProvider time, double? rate)
{
    readonly long started = time.GetTimestamp();
    long passed;

    public async Task NextAsync(CancellationToken cancel)
    {
        if (rate is not { } perSecond) return;
        var ahead = TimeSpan.FromSeconds(passed++ / perSecond) - time.GetElapsedTime(started);
        if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>A producer that counts acknowledgements and fails on the first message that could not be delivered.</summary>
sealed class Sender : IDisposable
{
    readonly IProducer<string?, byte[]> producer;
    readonly string topic;
    readonly HashSet<int> partitions = [];
    long acknowledged;
    volatile string? failure;
    volatile string? lastError;

    public Sender(ProducerConfig settings, string topic)
    {
        this.topic = topic;
        try
        {
            producer = new ProducerBuilder<string?, byte[]>(settings)
                .SetKeySerializer(OptionalKey.Instance)
                .SetErrorHandler((_, e) => lastError = e.Reason)
                .SetLogHandler((_, _) => { })
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new UsageException(e.Message);
        }
    }

    public long Sent { get; private set; }

    public long Acknowledged => Interlocked.Read(ref acknowledged);

    public int Partitions
    {
        get { lock (partitions) return partitions.Count; }
    }

    public void Send(in Outgoing message, CancellationToken cancel)
    {
        var record = new Message<string?, byte[]> { Key = message.Key, Value = message.Value };
        if (message.Headers.Count > 0)
        {
            record.Headers = [];
            foreach (var (name, value) in message.Headers) record.Headers.Add(name, System.Text.Encoding.UTF8.GetBytes(value));
        }
        while (!cancel.IsCancellationRequested)
        {
            ThrowIfFailed();
            try
            {
                producer.Produce(topic, record, Delivered);
                Sent++;
                return;
            }
            catch (ProduceException<string?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                // The broker is slower than the files: wait until it has acknowledged some.
                producer.Poll(TimeSpan.FromMilliseconds(50));
            }
            catch (ProduceException<string?, byte[]> e)
            {
                throw new InputException($"message {Sent + 1} cannot be sent to {topic}: {e.Error.Reason}", e);
            }
        }
    }

    public async Task FlushAsync()
    {
        // Not cancellable: what was handed over is either acknowledged or given up by the message timeout.
        while (await Task.Run(() => producer.Flush(TimeSpan.FromSeconds(1))) > 0) ThrowIfFailed();
        ThrowIfFailed();
    }

    void Delivered(DeliveryReport<string?, byte[]> report)
    {
        if (report.Error.IsError) failure ??= report.Error.Reason;
        else
        {
            Interlocked.Increment(ref acknowledged);
            lock (partitions) partitions.Add(report.Partition.Value);
        }
    }

    void ThrowIfFailed()
    {
        if (failure is { } reason) throw new InputException($"{topic}: {reason}{(lastError is { } error && error != reason ? $" ({error})" : "")}; {Acknowledged:N0} messages were acknowledged before");
    }

    public void Dispose() => producer.Dispose();

    /// <summary>Text as UTF-8; no key at all where there is none.</summary>
    sealed class OptionalKey : ISerializer<string?>
    {
        public static readonly OptionalKey Instance = new();

        public byte[] Serialize(string? data, SerializationContext context) => data is null ? null! : System.Text.Encoding.UTF8.GetBytes(data);
    }
}
