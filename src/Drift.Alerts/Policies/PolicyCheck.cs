namespace Drift.Alerts;

/// <summary>One thing that is wrong with a policy document.</summary>
/// <param name="Path">Where: <c>$.rules.drift.above</c>.</param>
/// <param name="Message">What is there and what would be right.</param>
public readonly record struct PolicyError(string Path, string Message)
{
    /// <summary>Path and message on one line.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>The outcome of reading a policy document: the policy, or everything that is wrong with it at once.</summary>
public sealed class PolicyCheck
{
    internal PolicyCheck(Policy? policy, IReadOnlyList<PolicyError> errors, IReadOnlyList<PolicyError> warnings)
    {
        Policy = policy;
        Errors = errors;
        Warnings = warnings;
    }

    /// <summary>The policy; null when there are errors.</summary>
    public Policy? Policy { get; }

    /// <summary>Everything wrong, part by part: rules, channels, routes, silences, maintenance, inhibitions.</summary>
    public IReadOnlyList<PolicyError> Errors { get; }

    /// <summary>What is allowed and probably not meant.</summary>
    public IReadOnlyList<PolicyError> Warnings { get; }

    /// <summary>Whether the document can be used.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>All errors on one line, joined by semicolons; empty for a valid document.</summary>
    public override string ToString() => string.Join("; ", Errors);
}
