using System.Security.Cryptography;

namespace Drift.Alerts;

/// <summary>Everything that turns readings into notices: rules, routes, channels and what keeps them quiet. Immutable; equal content has an equal <see cref="Hash"/>.</summary>
public sealed class Policy
{
    readonly Lazy<string> hash;

    /// <summary>Creates a policy in code. What a document could get wrong is checked by <see cref="PolicyFormat.Read(ReadOnlySpan{byte})"/>, not here.</summary>
    public Policy(
        IEnumerable<Rule> rules, IEnumerable<Route>? routes = null, IEnumerable<ChannelSpec>? channels = null,
        IEnumerable<Silence>? silences = null, IEnumerable<Maintenance>? maintenance = null, IEnumerable<Inhibition>? inhibit = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = [.. rules];
        Routes = [.. routes ?? []];
        Channels = [.. channels ?? []];
        Silences = [.. silences ?? []];
        Maintenance = [.. maintenance ?? []];
        Inhibit = [.. inhibit ?? []];
        hash = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(PolicyFormat.Canonical(this))));
    }

    /// <summary>The rules in the document's order.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>The routes, first match first.</summary>
    public IReadOnlyList<Route> Routes { get; }

    /// <summary>The channels.</summary>
    public IReadOnlyList<ChannelSpec> Channels { get; }

    /// <summary>Silences that are part of the policy.</summary>
    public IReadOnlyList<Silence> Silences { get; }

    /// <summary>Recurring quiet times.</summary>
    public IReadOnlyList<Maintenance> Maintenance { get; }

    /// <summary>Which alerts mute which.</summary>
    public IReadOnlyList<Inhibition> Inhibit { get; }

    /// <summary>SHA-256 of the canonical form, in lower-case hexadecimal: stored with every judged window. Order, comments and spelled-out defaults do not change it, except the order of routes, which means something.</summary>
    public string Hash => hash.Value;

    /// <summary>The built-in policy <c>calibrated</c>.</summary>
    public static Policy Default { get; } = Presets.Read(Presets.Calibrated);

    /// <summary>The text of the built-in policy, as <c>drift policy show --default</c> prints it.</summary>
    public static string DefaultText => Presets.Calibrated;
}
