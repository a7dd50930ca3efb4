namespace Drift;

/// <summary>What became of a message.</summary>
public enum RecordStatus
{
    /// <summary>A row.</summary>
    Ok,

    /// <summary>Unreadable, or beyond a limit; counted by reason.</summary>
    Invalid,

    /// <summary>Not meant for us: a tombstone or a record of an unknown model. Neither a row nor invalid.</summary>
    Skipped,
}

/// <summary>What became of a message, and why: one of <see cref="RecordReason"/>, empty for a row.</summary>
public readonly record struct RecordOutcome(RecordStatus Status, string Reason)
{
    /// <summary>A row.</summary>
    public static readonly RecordOutcome Ok = new(RecordStatus.Ok, "");

    /// <summary>An invalid message.</summary>
    public static RecordOutcome Invalid(string reason) => new(RecordStatus.Invalid, reason);

    /// <summary>A message that is not meant for us.</summary>
    public static RecordOutcome Skipped(string reason) => new(RecordStatus.Skipped, reason);
}

/// <summary>The reasons, a closed list: they are labels of metrics and keys of the stored totals.</summary>
public static class RecordReason
{
    /// <summary>More bytes than allowed.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Not UTF-8.</summary>
    public const string NotUtf8 = "not_utf8";

    /// <summary>Not JSON.</summary>
    public const string NotJson = "not_json";

    /// <summary>JSON, but not an object.</summary>
    public const string NotObject = "not_object";

    /// <summary>Nested deeper than allowed.</summary>
    public const string TooDeep = "too_deep";

    /// <summary>A text with half a surrogate pair.</summary>
    public const string BadText = "bad_text";

    /// <summary>No <c>ts</c>.</summary>
    public const string NoTime = "no_ts";

    /// <summary>A <c>ts</c> that is no time.</summary>
    public const string BadTime = "bad_ts";

    /// <summary>A <c>ts</c> too far ahead of the message's own time.</summary>
    public const string Future = "future_ts";

    /// <summary>No <c>model</c>.</summary>
    public const string NoModel = "no_model";

    /// <summary>A <c>model</c> that is no text, or empty.</summary>
    public const string BadModel = "bad_model";

    /// <summary>No <c>features</c>.</summary>
    public const string NoFeatures = "no_features";

    /// <summary><c>features</c> that are no object.</summary>
    public const string BadFeatures = "bad_features";

    /// <summary>More features than allowed.</summary>
    public const string TooManyFeatures = "too_many_features";

    /// <summary>An id, model or version longer than allowed.</summary>
    public const string TooLong = "too_long";

    /// <summary>More versions of the model than allowed.</summary>
    public const string TooManyVersions = "too_many_versions";

    /// <summary>More rows in one message than allowed.</summary>
    public const string TooManyRows = "too_many_rows";

    /// <summary>More open windows than allowed.</summary>
    public const string TooManyWindows = "too_many_windows";

    /// <summary>Values without names that are not as many as the model's inputs.</summary>
    public const string WrongWidth = "wrong_width";

    /// <summary>A request or a response whose body cannot be read.</summary>
    public const string BadBody = "bad_body";

    /// <summary>A response with more or fewer rows than its request.</summary>
    public const string RowsDiffer = "rows_differ";

    /// <summary>An envelope without its data, which lie elsewhere.</summary>
    public const string ExternalData = "external_data";

    /// <summary>A profile whose cells are not those of the model's reference.</summary>
    public const string OtherCells = "other_cells";

    /// <summary>A profile that is longer than a window.</summary>
    public const string TooWide = "too_wide";

    /// <summary>Not in any known format.</summary>
    public const string UnknownFormat = "unknown_format";

    /// <summary>A message without a value.</summary>
    public const string Tombstone = "tombstone";

    /// <summary>A response whose request never came.</summary>
    public const string NoRequest = "no_request";

    /// <summary>A message of a known system that is no prediction, for example an outlier score.</summary>
    public const string NotPrediction = "not_a_prediction";

    /// <summary>A message that holds no row.</summary>
    public const string NoRows = "no_rows";

    /// <summary>A record of a model that is not configured.</summary>
    public const string UnknownModel = "unknown_model";
}

/// <summary>What a record may at most be, and how its numbers of time are meant.</summary>
public sealed record RecordLimits
{
    /// <summary>Bytes per message.</summary>
    public int MessageBytes { get; init; } = 1 << 20;

    /// <summary>Nesting of objects and arrays.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Members of <c>features</c>.</summary>
    public int Features { get; init; } = 5_000;

    /// <summary>Bytes of an id, a model's name or a version.</summary>
    public int TextBytes { get; init; } = 1_024;

    /// <summary>How far <c>ts</c> may be ahead of the message's own time.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The unit of a <c>ts</c> that is a whole number.</summary>
    public TimeUnit TimeUnit { get; init; } = TimeUnit.Milliseconds;
}
