namespace Drift.Alerts;

/// <summary>Picks alerts by their labels and by their model's tags; everything named must match, what is not named is free.</summary>
public sealed record Selector
{
    internal static readonly IReadOnlyDictionary<string, Globs> NoTags = new Dictionary<string, Globs>();

    /// <summary>Globs by label: alertname, model, version, column, measure, segment, severity.</summary>
    public IReadOnlyDictionary<string, Globs> Labels { get; init; } = NoTags;

    /// <summary>Globs by tag of the model.</summary>
    public IReadOnlyDictionary<string, Globs> Tags { get; init; } = NoTags;

    /// <summary>Whether everything named matches.</summary>
    public bool Matches(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        foreach (var (label, globs) in Labels)
            if (!globs.Matches(alert.Label(label))) return false;
        return TagsMatch(Tags, alert.Tags);
    }

    internal static bool TagsMatch(IReadOnlyDictionary<string, Globs> wanted, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (tag, globs) in wanted)
            if (!globs.Matches(tags.TryGetValue(tag, out var value) ? value : "")) return false;
        return true;
    }
}
