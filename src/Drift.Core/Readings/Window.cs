namespace Drift;

/// <summary>A judged stretch of event time of one model version.</summary>
public sealed record Window
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The model's version; empty when its records carry none.</summary>
    public string Version { get; init; } = "";

    /// <summary>The first instant of the window.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The first instant after the window.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>0 for the first judgement; later data raises it.</summary>
    public int Revision { get; init; }

    /// <summary>Rows in the window.</summary>
    public long Rows { get; init; }

    /// <summary>Records of this window that came too late to be counted.</summary>
    public long Late { get; init; }

    /// <summary>What closed the window: <c>watermark</c>, <c>idle</c> or <c>end</c> (of the input).</summary>
    public string ClosedBy { get; init; } = "watermark";

    /// <summary>How many partitions contributed rows.</summary>
    public int Partitions { get; init; }

    /// <summary>The reference that it was compared with.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The model's tags (team, owner, risk tier), for matchers and routes.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
