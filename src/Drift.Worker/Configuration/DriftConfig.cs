namespace Drift.Worker.Configuration;

/// <summary>What <c>drift.json</c> says, checked and with every default filled in. Secrets are already put in place; nothing here is ever logged as a whole.</summary>
public sealed record DriftConfig
{
    public SourceConfig Source { get; init; } = new();

    public IReadOnlyDictionary<string, ModelConfig> Models { get; init; } = new Dictionary<string, ModelConfig>();

    public StoreConfig Store { get; init; } = new();

    /// <summary>The policy file, or null for the built-in policy.</summary>
    public string? Policy { get; init; }

    public WebConfig Web { get; init; } = new();

    public TelemetryConfig Telemetry { get; init; } = new();

    public LimitsConfig Limits { get; init; } = new();
}

/// <summary>Where records come from.</summary>
public sealed record SourceConfig
{
    public IReadOnlyList<string> Topics { get; init; } = ["predictions"];

    public IReadOnlyList<string> TruthTopics { get; init; } = [];

    public string Group { get; init; } = "drift";

    /// <summary><c>auto</c>, <c>native</c> or the name of another system's format.</summary>
    public string Format { get; init; } = "auto";

    /// <summary>Topics with a format of their own.</summary>
    public IReadOnlyDictionary<string, string> Formats { get; init; } = new Dictionary<string, string>();

    /// <summary>How long, in event time, a request waits for its response.</summary>
    public TimeSpan PairWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The model of records that name none.</summary>
    public string? Model { get; init; }

    /// <summary>The unit of a <c>ts</c> that is a whole number.</summary>
    public TimeUnit TimeUnit { get; init; } = TimeUnit.Milliseconds;

    /// <summary>How long consumed records may wait for their commit.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many consumed records may wait for their commit.</summary>
    public int CommitRecords { get; init; } = 100_000;

    /// <summary>What becomes of messages that cannot be read.</summary>
    public DeadLetterConfig DeadLetter { get; init; } = new();

    /// <summary>What to do when records that were not read yet are gone from the log.</summary>
    public TrimmedPolicy Trimmed { get; init; }

    /// <summary>What to do when a log ends before the place up to which it was read.</summary>
    public RecreatedPolicy Recreated { get; init; }

    /// <summary>Straight to librdkafka.</summary>
    public IReadOnlyDictionary<string, string> Kafka { get; init; } = new Dictionary<string, string>();
}

/// <summary>What of an unreadable message may go on to a dead-letter topic.</summary>
public enum DeadLetterMode
{
    /// <summary>Nothing is sent.</summary>
    Off,

    /// <summary>Its size and its SHA-256.</summary>
    Hashed,

    /// <summary>Those, and the named members as they are.</summary>
    Fields,
}

/// <summary>A sample of messages that cannot be read: the first ten of each reason in a partition, then every time their number has doubled.</summary>
/// <param name="Topic">Null: the message's topic with <c>.dlq</c> after it.</param>
/// <param name="Fields">The top-level members that may be passed on.</param>
public sealed record DeadLetterConfig(DeadLetterMode Mode = DeadLetterMode.Off, string? Topic = null, IReadOnlyList<string>? Fields = null);

/// <summary>Records were removed (retention) before they were read.</summary>
public enum TrimmedPolicy
{
    /// <summary>Go on where the log begins; what is missing is counted as a gap.</summary>
    Continue,

    /// <summary>Leave the partition alone until somebody decides.</summary>
    Stop,
}

/// <summary>A log is shorter than what was read of it: the topic was made anew.</summary>
public enum RecreatedPolicy
{
    /// <summary>Leave the partition alone until somebody decides.</summary>
    Stop,

    /// <summary>Read the new log from its beginning; what was counted of the old one stays.</summary>
    Beginning,
}

/// <summary>What to do with a record whose window has closed.</summary>
public enum LatePolicy
{
    /// <summary>Count it as late.</summary>
    Drop,

    /// <summary>Add it and judge the window again, as a new revision.</summary>
    Revise,
}

/// <summary>What kind of answer a model gives.</summary>
public enum ModelTask
{
    None,
    Binary,
    Multiclass,
    Regression,
    Ranking,
}

/// <summary>One watched model.</summary>
public sealed record ModelConfig
{
    public static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    /// <summary>The profile that windows are compared with: a path.</summary>
    public required string Reference { get; init; }

    /// <summary>Where the reference's counts come from; null: from that file.</summary>
    public MovingConfig? Moving { get; init; }

    public TimeSpan Window { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How far apart windows start; null: as far as they are long.</summary>
    public TimeSpan? Slide { get; init; }

    public DateTimeOffset Origin { get; init; } = Epoch;

    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(30);

    public LatePolicy Late { get; init; }

    /// <summary>How long after its window has closed a late record may still revise it.</summary>
    public TimeSpan ReviseFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A window with fewer rows is compared together with its neighbours before it; 0: each by itself.</summary>
    public int LeastRows { get; init; }

    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Measures by name; null: the defaults of each column's kind.</summary>
    public IReadOnlyList<string>? Measures { get; init; }

    public ModelTask Task { get; init; }

    /// <summary>How many ranks of a ranking count; 0 for all, or for what the reference was made with.</summary>
    public int Cut { get; init; }

    public TimeSpan TruthHorizon { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The share of answers that are kept for their truth, chosen by a hash of the id: it bounds the store, and every owner chooses the same.</summary>
    public double TruthSample { get; init; } = 1;

    /// <summary>The version that others are contrasted with.</summary>
    public string? Champion { get; init; }

    /// <summary>How much each column matters when findings are ranked; 1 for those not named.</summary>
    public IReadOnlyDictionary<string, double> Importance { get; init; } = new Dictionary<string, double>();

    public IReadOnlyDictionary<string, double> Sla { get; init; } = new Dictionary<string, double>();

    /// <summary>The day after which traffic on this model is a finding of its own.</summary>
    public DateTimeOffset? SunsetOn { get; init; }

    /// <summary>Whether a second record of the same id in one window is dropped.</summary>
    public bool Deduplicate { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>Where the worker keeps its truth: one of the two.</summary>
public sealed record StoreConfig
{
    /// <summary>A file.</summary>
    public string? Sqlite { get; init; } = "drift.db";

    /// <summary>A connection string; it may hold a secret.</summary>
    public string? Postgres { get; init; }

    /// <summary>How long judged windows are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>The kind of store and nothing that could be secret.</summary>
    public override string ToString() => Postgres is null ? "SQLite" : "PostgreSQL";
}

/// <summary>The dashboard and the HTTP interface.</summary>
public sealed record WebConfig
{
    public string Url { get; init; } = "http://127.0.0.1:5080";

    public IReadOnlyList<ApiKeyConfig> Keys { get; init; } = [];

    /// <summary>How many requests one address may make in a minute.</summary>
    public int RequestsPerMinute { get; init; } = 1_200;
}

/// <summary>A key that may use the HTTP interface, known only by its hash.</summary>
public sealed record ApiKeyConfig(string Name, string Role, string Sha256);

/// <summary>Where telemetry goes besides <c>/metrics</c>.</summary>
public sealed record TelemetryConfig
{
    /// <summary>The OTLP endpoint, or null for none.</summary>
    public string? Otlp { get; init; }
}

/// <summary>What a record and a model may at most be.</summary>
public sealed record LimitsConfig
{
    public int MessageBytes { get; init; } = 1 << 20;

    public int Depth { get; init; } = 64;

    public int Features { get; init; } = 5_000;

    public int TextBytes { get; init; } = 1_024;

    /// <summary>The most values of a segment column that get a profile of their own; the rest share one.</summary>
    public int SegmentValues { get; init; } = 50;

    /// <summary>The most versions of one model that are told apart at a time.</summary>
    public int Versions { get; init; } = 100;

    /// <summary>Rows per message.</summary>
    public int Rows { get; init; } = 10_000;

    /// <summary>The most windows of a partition that are open at a time, of all models and versions.</summary>
    public int Windows { get; init; } = 10_000;

    /// <summary>The most requests and responses of a partition that wait for each other.</summary>
    public int Waiting { get; init; } = 10_000;

    /// <summary>Watched models.</summary>
    public int Models { get; init; } = 1_000;

    /// <summary>Categories that a column of a reference may list.</summary>
    public int Categories { get; init; } = 10_000;

    /// <summary>How far ahead of its message's time a record may say it happened.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromMinutes(5);
}
