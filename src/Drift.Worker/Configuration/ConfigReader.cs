using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Windows;

namespace Drift.Worker.Configuration;

/// <summary>Reads <c>drift.json</c>. Everything wrong with it is said in one <see cref="InputException"/>; comments and trailing commas are welcome.</summary>
public static class ConfigReader
{
    /// <summary>librdkafka settings that the protocol itself rests on.</summary>
    static readonly string[] Ours =
        ["group.id", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "partition.assignment.strategy", "enable.partition.eof"];

    static readonly string[] SecretSettings =
        ["sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config"];

    public static DriftConfig ReadFile(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"cannot read {path}: {e.Message}", e);
        }
        return Read(bytes, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <param name="utf8">The document.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="directory">What its relative paths start from.</param>
    public static DriftConfig Read(ReadOnlyMemory<byte> utf8, string name, string directory)
    {
        var problems = new List<string>();
        try
        {
            if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = ConfigSection.Root(document.RootElement, directory, problems);
            root.Skip("$schema");
            if (problems.Count == 0 && !root.Has("Drift")) root.Problem("Drift", "this section is missing");
            var config = Drift(root.Section("Drift"));
            root.Done();
            if (problems.Count == 0) return config;
        }
        catch (JsonException e)
        {
            problems.Add($"not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
        }
        throw new InputException($"{name}: {string.Join("; ", problems)}");
    }

    static DriftConfig Drift(ConfigSection at)
    {
        var otherwise = new DriftConfig();
        var config = new DriftConfig
        {
            Source = Source(at.Section("Source")),
            Models = Models(at.Section("Models", ownKeys: true)),
            Store = Store(at.Section("Store")),
            Policy = at.File("Policy"),
            Web = Web(at.Section("Web")),
            Telemetry = Telemetry(at.Section("Telemetry")),
            Limits = Limits(at.Section("Limits"), otherwise.Limits),
        };
        at.Done();
        return config;
    }

    static SourceConfig Source(ConfigSection at)
    {
        var d = new SourceConfig();
        var config = d with
        {
            Topics = Topics(at, "Topics") ?? d.Topics,
            TruthTopics = Topics(at, "TruthTopics") ?? d.TruthTopics,
            Group = at.Text("Group") ?? d.Group,
            Format = at.OneOf("Format", d.Format, [.. FormatNames.All.Select(f => (f, f))]),
            Formats = Formats(at.Section("Formats", ownKeys: true)),
            PairWait = at.Span("PairWait", TimeSpan.Zero, TimeSpan.FromHours(1)) ?? d.PairWait,
            Model = at.Text("Model"),
            TimeUnit = at.OneOf("TimeUnit", d.TimeUnit,
                ("s", TimeUnit.Seconds), ("ms", TimeUnit.Milliseconds), ("us", TimeUnit.Microseconds), ("ns", TimeUnit.Nanoseconds)),
            CommitInterval = at.Span("CommitInterval", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)) ?? d.CommitInterval,
            CommitRecords = at.Whole("CommitRecords", d.CommitRecords, 1, 10_000_000),
            Trimmed = at.OneOf("Trimmed", d.Trimmed, ("continue", TrimmedPolicy.Continue), ("stop", TrimmedPolicy.Stop)),
            Recreated = at.OneOf("Recreated", d.Recreated, ("stop", RecreatedPolicy.Stop), ("beginning", RecreatedPolicy.Beginning)),
            DeadLetter = DeadLetter(at.Section("DeadLetter")),
            Kafka = Kafka(at.Section("Kafka", ownKeys: true)),
        };
        if (config.Topics.Count == 0) at.Problem("Topics", "at least one topic is wanted");
        if (config.Group.Length == 0) at.Problem("Group", "a name is wanted");
        if (config.Topics.Intersect(config.TruthTopics, StringComparer.Ordinal).FirstOrDefault() is { } both)
            at.Problem("TruthTopics", $"'{both}' is one of Topics too");
        if (config.DeadLetter.Topic is { } dead && config.Topics.Concat(config.TruthTopics).Contains(dead, StringComparer.Ordinal)) at.Problem("DeadLetter", $"'{dead}' is a topic that is read");
        at.Done();
        return config;
    }

    static IReadOnlyList<string>? Topics(ConfigSection at, string key)
    {
        var topics = at.Texts(key);
        foreach (var topic in topics ?? [])
            if (topic.Length > 249 || topic is "." or ".." || topic.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')))
                at.Problem(key, $"'{topic}' is not a topic's name (letters, digits, '.', '_', '-', up to 249)");
        return topics;
    }

    static DeadLetterConfig DeadLetter(ConfigSection at)
    {
        var config = new DeadLetterConfig(
            at.OneOf("Mode", DeadLetterMode.Off, ("off", DeadLetterMode.Off), ("hashed", DeadLetterMode.Hashed), ("fields", DeadLetterMode.Fields)), at.Text("Topic"), at.Texts("Fields") ?? []);
        if (config.Mode == DeadLetterMode.Fields && config.Fields is []) at.Problem("Fields", "the members that may be passed on are wanted, such as [\"id\", \"model\"]");
        at.Done();
        return config;
    }

    static Dictionary<string, string> Formats(ConfigSection at)
    {
        var formats = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var topic in at.Names) formats[topic] = at.OneOf(topic, FormatNames.Auto, [.. FormatNames.All.Select(f => (f, f))]);
        return formats;
    }

    static Dictionary<string, string> Kafka(ConfigSection at)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in at.Names)
        {
            if (Ours.Contains(key, StringComparer.Ordinal)) at.Problem(key, "this one is Drift's own");
            if (SecretSettings.Contains(key, StringComparer.Ordinal) && at.IsLiteral(key))
                at.Problem(key, "a secret comes from ${env:NAME} or ${file:PATH}, not from this file");
            if (at.Scalar(key) is { } value) settings[key] = value;
        }
        return settings;
    }

    static Dictionary<string, ModelConfig> Models(ConfigSection at)
    {
        var models = new Dictionary<string, ModelConfig>(StringComparer.Ordinal);
        foreach (var name in at.Names)
        {
            if (name.Length is 0 or > 200) at.Problem(name, "a model's name has 1 to 200 characters");
            models[name] = Model(at.Section(name));
        }
        return models;
    }

    static ModelConfig Model(ConfigSection at)
    {
        var d = new ModelConfig { Reference = "" };
        var second = TimeSpan.FromSeconds(1);
        var year = TimeSpan.FromDays(366);
        var (window, slide) = (at.Span("Window", second, year) ?? d.Window, at.Span("Slide", second, year));
        var (reference, moving) = at.IsObject("Reference") ? MovingConfig.Read(at.Section("Reference"), window, slide ?? window) : (at.File("Reference"), null);
        if (reference is null) at.Problem("Reference", "a profile is wanted: drift profile DATA --out R.json makes one");
        var config = d with
        {
            Reference = reference ?? "",
            Moving = moving,
            Window = window,
            Slide = slide,
            Origin = at.Instant("Origin") ?? d.Origin,
            Grace = at.Span("Grace", TimeSpan.Zero, year) ?? d.Grace,
            IdleAfter = at.Span("IdleAfter", second, year) ?? d.IdleAfter,
            Late = at.OneOf("Late", d.Late, ("drop", LatePolicy.Drop), ("revise", LatePolicy.Revise)),
            ReviseFor = at.Span("ReviseFor", second, year) ?? d.ReviseFor,
            LeastRows = at.Whole("LeastRows", d.LeastRows, 0, 1_000_000_000),
            Segments = at.Texts("Segments") ?? d.Segments,
            Measures = at.Texts("Measures"),
            Task = at.OneOf("Task", d.Task, ("binary", ModelTask.Binary), ("multiclass", ModelTask.Multiclass), ("regression", ModelTask.Regression), ("ranking", ModelTask.Ranking)),
            Cut = at.Whole("Cut", d.Cut, 0, 10_000),
            TruthHorizon = at.Span("TruthHorizon", second, TimeSpan.FromDays(3660)) ?? d.TruthHorizon,
            TruthSample = at.Number("TruthSample") ?? d.TruthSample,
            Champion = at.Text("Champion"),
            Importance = Importance(at.Section("Importance", ownKeys: true)),
            Sla = Sla(at.Section("Sla", ownKeys: true)),
            SunsetOn = at.Instant("SunsetOn"),
            Deduplicate = at.Flag("Deduplicate", d.Deduplicate),
            Tags = Tags(at.Section("Tags", ownKeys: true)),
        };
        if (config.Deduplicate && slide is not null && slide != window) at.Problem("Deduplicate", "an id counts once in a window, and windows that slide share their rows; leave out Slide");
        if (config.LeastRows > 0 && slide is not null && slide != window) at.Problem("LeastRows", "windows that slide overlap and cannot be merged; leave out Slide");
        if (config.LeastRows > 0 && window >= TimeSpan.FromDays(1)) at.Problem("LeastRows", "windows grow within a day: a Window shorter than a day is wanted");
        if (config.TruthSample is not (> 0 and <= 1)) at.Problem("TruthSample", $"a share above 0 and at most 1 is wanted, not {config.TruthSample.ToString(CultureInfo.InvariantCulture)}");
        if (config.Slide > config.Window) at.Problem("Slide", "windows would leave gaps: at most the window's length is wanted");
        if (slide is { } apart && PaneClock.PaneLength(config.Window, apart) < second)
            at.Problem("Slide", "window and slide share no pane of at least a second");
        at.Done();
        return config;
    }

    static Dictionary<string, double> Importance(ConfigSection at)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in at.Names)
            if (at.Number(name) is { } weight)
            {
                if (weight < 0) at.Problem(name, $"a weight of 0 or more is wanted, not {weight.ToString(CultureInfo.InvariantCulture)}");
                weights[name] = weight;
            }
        return weights;
    }

    static Dictionary<string, double> Sla(ConfigSection at)
    {
        var limits = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in at.Names)
            if (at.Number(name) is { } limit) limits[name] = limit;
        return limits;
    }

    static Dictionary<string, string> Tags(ConfigSection at)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in at.Names)
            if (at.Scalar(name) is { } value) tags[name] = value;
        return tags;
    }

    static StoreConfig Store(ConfigSection at)
    {
        if (at.Has("Postgres") && at.Has("Sqlite")) at.Problem("Postgres", "Sqlite or Postgres is wanted, not both");
        var literal = at.IsLiteral("Postgres");
        var postgres = at.Text("Postgres");
        if (postgres is not null) Connection(at, postgres, literal);
        var d = new StoreConfig();
        var sqlite = at.File("Sqlite");
        var config = new StoreConfig
        {
            Postgres = postgres,
            Sqlite = postgres is null ? sqlite ?? at.Resolve(d.Sqlite!) : null,
            Retention = at.Span("Retention", TimeSpan.FromHours(1), TimeSpan.FromDays(36600)) ?? d.Retention,
        };
        at.Done();
        return config;
    }

    static void Connection(ConfigSection at, string connection, bool literal)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            if (literal && (parts.ContainsKey("Password") || parts.ContainsKey("PWD")))
                at.Problem("Postgres", "a password comes from ${env:NAME} or ${file:PATH}, not from this file");
        }
        catch (ArgumentException)
        {
            at.Problem("Postgres", "this is not a connection string like Host=..;Database=..;Username=..");
        }
    }

    static WebConfig Web(ConfigSection at)
    {
        var d = new WebConfig();
        var url = at.Text("Url") ?? d.Url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) at.Problem("Url", "an address like http://127.0.0.1:5080 is wanted");
        var keys = new List<ApiKeyConfig>();
        foreach (var key in at.Sections("Keys"))
        {
            var made = new ApiKeyConfig(key.Text("Name") ?? "", key.OneOf("Role", "", ("reader", "reader"), ("operator", "operator"), ("admin", "admin")), key.Text("Sha256") ?? "");
            if (made.Name == "") key.Problem("Name", "a name is wanted");
            if (made.Role == "") key.Problem("Role", "reader, operator or admin is wanted");
            if (made.Sha256.Length != 64 || !made.Sha256.All(char.IsAsciiHexDigit)) key.Problem("Sha256", "the key's SHA-256 in 64 hexadecimal digits is wanted");
            key.Done();
            keys.Add(made);
        }
        var rate = at.Whole("RequestsPerMinute", d.RequestsPerMinute, 1, 1_000_000);
        at.Done();
        return new WebConfig { Url = url, Keys = keys, RequestsPerMinute = rate };
    }

    static TelemetryConfig Telemetry(ConfigSection at)
    {
        var otlp = at.Text("Otlp");
        if (otlp is not null && (!Uri.TryCreate(otlp, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            at.Problem("Otlp", "an address like http://localhost:4317 is wanted");
        at.Done();
        return new TelemetryConfig { Otlp = otlp };
    }

    static LimitsConfig Limits(ConfigSection at, LimitsConfig d)
    {
        var config = new LimitsConfig
        {
            MessageBytes = at.Whole("MessageBytes", d.MessageBytes, 64, 1 << 28),
            Depth = at.Whole("Depth", d.Depth, 2, 1_000),
            Features = at.Whole("Features", d.Features, 1, 1_000_000),
            TextBytes = at.Whole("TextBytes", d.TextBytes, 1, 1 << 20),
            SegmentValues = at.Whole("SegmentValues", d.SegmentValues, 1, 10_000),
            Versions = at.Whole("Versions", d.Versions, 1, 10_000),
            Rows = at.Whole("Rows", d.Rows, 1, 1_000_000),
            Windows = at.Whole("Windows", d.Windows, 1, 1_000_000),
            Waiting = at.Whole("Waiting", d.Waiting, 0, 1_000_000),
            Models = at.Whole("Models", d.Models, 1, 100_000),
            Categories = at.Whole("Categories", d.Categories, 1, 1_000_000),
            Ahead = at.Span("Ahead", TimeSpan.Zero, TimeSpan.FromDays(3660)) ?? d.Ahead,
        };
        at.Done();
        return config;
    }
}
