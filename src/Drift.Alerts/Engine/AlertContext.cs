namespace Drift.Alerts;

/// <summary>What a judgement depends on besides policy, readings and states.</summary>
public sealed record AlertContext
{
    /// <summary>The time by which groups wait, notices repeat and silences count. Null: the window's end, so that a replay is told the same in every year.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Silences from outside the policy.</summary>
    public IReadOnlyList<Silence> Silences { get; init; } = [];

    /// <summary>The address of a model's page, in which <c>{model}</c>, <c>{version}</c>, <c>{column}</c> and <c>{window}</c> are replaced. Null: sentences have no link.</summary>
    public string? Link { get; init; }
}
