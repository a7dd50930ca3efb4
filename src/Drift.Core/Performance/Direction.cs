namespace Drift;

/// <summary>Which way a performance measure points.</summary>
static class Direction
{
    static readonly HashSet<string> lessIsBetter = new(StringComparer.Ordinal) { "log_loss", "brier", "ece", "mse", "rmse", "mae", "mape", "msle", "rmsle" };

    static readonly HashSet<string> moreIsBetter = new(StringComparer.Ordinal) { "accuracy", "precision", "recall", "specificity", "f1", "auc", "aupr", "r2", "ndcg", "map", "mrr" };

    /// <summary>Whether a value is better than another one; false for measures that say nothing about good and bad, such as a class's support.</summary>
    public static bool IsBetter(string measure, double value, double than)
    {
        foreach (var suffix in (string[])["_micro", "_weighted"])
            if (measure.EndsWith(suffix, StringComparison.Ordinal)) measure = measure[..^suffix.Length];
        return measure == "bias" ? Math.Abs(value) < Math.Abs(than) : lessIsBetter.Contains(measure) ? value < than : moreIsBetter.Contains(measure) && value > than;
    }

    /// <summary>Whether a value is worse than another one; of measures that are unknown here, such as a metric of the business, less is worse.</summary>
    public static bool IsWorse(string measure, double value, double than) =>
        measure == "bias" ? Math.Abs(value) > Math.Abs(than) : lessIsBetter.Contains(measure) ? value > than : value < than;
}
