using System.Collections.Frozen;

namespace Drift.Alerts;

/// <summary>The canonical names of measures, so that a typing error in a policy is an error and not a rule that never fires.</summary>
public static class MeasureNames
{
    /// <summary>The group of every realised performance measure.</summary>
    public const string PerformanceGroup = "performance";

    /// <summary>The prefix of performance measures that were estimated without labels.</summary>
    public const string EstimatedPrefix = "estimated_";

    /// <summary>The prefix of a record's own metrics; what follows is free.</summary>
    public const string MetricPrefix = "metric_";

    /// <summary>The prefix of differences between a challenger and the champion.</summary>
    public const string ContrastPrefix = "contrast_";

    /// <summary>Of the kind of performance, but no measure of how well a model answers: a limit on those means nothing here.</summary>
    static readonly FrozenSet<string> beside =
        new[] { "label_coverage", "demographic_parity_difference", "equal_opportunity_difference", "equalized_odds_difference", "disparate_impact_ratio" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a measure of the kind of performance says how well a model really answered.</summary>
    internal static bool IsRealised(string measure) =>
        !measure.StartsWith(EstimatedPrefix, StringComparison.Ordinal) && !measure.StartsWith(ContrastPrefix, StringComparison.Ordinal) && !beside.Contains(measure);

    static readonly string[] performance =
        ["accuracy", "precision", "recall", "specificity", "f1", "auc", "aupr", "log_loss", "brier", "ece", "mse", "rmse", "mae", "r2", "mape", "bias", "ndcg", "map", "mrr"];

    static readonly string[] others =
    [
        "psi", "psi_corrected", "kl", "kl_reverse", "js", "hellinger", "total_variation", "linf", "bhattacharyya", "wasserstein", "wasserstein_norm", "energy",
        "ks", "kuiper", "cramer_von_mises", "anderson_darling", "mann_whitney", "t_test", "epps_singleton", "chi2", "g_test", "fisher", "z_test", "cramers_v", "mmd",
        "missing_rate", "nan_rate", "out_of_range_rate", "unseen_rate", "violation_rate", "distinct", "duplicate_rate", "constant", "outlier_rate", "invalid_rate",
        "late_rate", "rows", "label_coverage", "lag_records", "lag_seconds", "domain_auc", "reconstruction_error", "confidence_mean", "entropy_mean", "p50_ms", "p95_ms",
        "p99_ms", "error_rate", "throughput_rps", "demographic_parity_difference", "equal_opportunity_difference", "equalized_odds_difference", "disparate_impact_ratio",
        OwnReadings.SunsetDays, OwnReadings.SchemaBreak,
    ];

    static readonly FrozenSet<string> known = Expand().ToFrozenSet(StringComparer.Ordinal);

    // Where less is worse; for every other measure a limit is a ceiling.
    static readonly FrozenSet<string> moreIsBetter =
        new[] { "accuracy", "precision", "recall", "specificity", "f1", "auc", "aupr", "r2", "ndcg", "map", "mrr", "throughput_rps", "label_coverage", "disparate_impact_ratio", "rows" }
            .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every name that is written out, for suggestions; metrics of records are not among them.</summary>
    public static IReadOnlyCollection<string> Known => known;

    /// <summary>Whether a limit on the measure is a floor.</summary>
    public static bool MoreIsBetter(string measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return moreIsBetter.Contains(Plain(measure));
    }

    /// <summary>Whether a performance measure outside its limits means that the model answers better than before: a change all the same, but no failure.</summary>
    internal static bool IsBetter(string measure, bool greater) => Plain(measure) is var plain && plain != "bias" && performance.Contains(plain) && greater == moreIsBetter.Contains(plain);

    /// <summary>Whether a pattern of a policy is the name of one measure of how well a model answers, realised or estimated, or of a business metric.</summary>
    internal static bool IsAnswers(string pattern) => !pattern.AsSpan().ContainsAny('*', '?') && (performance.Contains(Plain(pattern)) || pattern.StartsWith(MetricPrefix, StringComparison.Ordinal));

    /// <summary>Whether a pattern of a policy can match a measure at all.</summary>
    internal static bool CanMatch(string pattern)
    {
        if (pattern == PerformanceGroup || known.Contains(pattern) || pattern.StartsWith(MetricPrefix, StringComparison.Ordinal) || pattern.StartsWith(ContrastPrefix + MetricPrefix, StringComparison.Ordinal)) return true;
        return pattern.AsSpan().ContainsAny('*', '?') && known.Any(name => Globs.Match(pattern, name));
    }

    /// <summary>Without the prefix of an estimate and the suffix of an average.</summary>
    internal static string Plain(string measure)
    {
        if (measure.StartsWith(EstimatedPrefix, StringComparison.Ordinal)) measure = measure[EstimatedPrefix.Length..];
        foreach (var suffix in averages)
            if (measure.EndsWith(suffix, StringComparison.Ordinal)) return measure[..^suffix.Length];
        return measure;
    }

    static readonly string[] averages = ["_micro", "_weighted"];

    static IEnumerable<string> Expand()
    {
        foreach (var name in others) yield return name;
        foreach (var name in performance)
        {
            string[] forms = [name, name + "_micro", name + "_weighted"];
            foreach (var form in forms)
            {
                yield return form;
                yield return EstimatedPrefix + form;
                yield return ContrastPrefix + form;
            }
        }
    }
}
