using System.Text;

namespace Drift.Alerts;

/// <summary>The policies that ship.</summary>
public static class Presets
{
    /// <summary>The default: an effect floor and significance together, two of three windows, slow to clear.</summary>
    /// <remarks>Its numbers were simulated, not chosen by habit. Measured false-alarm rate: fifty stable columns (one of them an open vocabulary) in daily windows
    /// of 1,000 rows against 50,000 raised at most 8 alerts in 40 years, that is at most 0.2 a year and model; windows of 250 rows against 50,000, of 500 against
    /// 500 and of 1,000 against 1,000 raised none in 10 years each. Limits of performance are three standard deviations of the reference's chunks, widened for
    /// smaller windows, in two of three windows by the same measure: one alert in several years of daily windows is to be expected of them.
    /// The channel's address is a placeholder: until it is replaced, notices go to the console.</remarks>
    public const string Calibrated = """
        {
          "rules": {
            "drift":        { "measure": ["psi_corrected", "ks"], "roles": ["feature", "prediction", "score"], "above": 0.1, "clear_at": 0.08, "p_adjusted_below": 0.01, "for": "2 of 3", "clear_for": 3, "severity": "warning" },
            "drift-strong": { "measure": ["psi_corrected", "ks"], "roles": ["feature", "prediction", "score"], "above": 0.2, "clear_at": 0.16, "p_adjusted_below": 0.01, "for": "2 of 3", "clear_for": 3, "severity": "critical" },
            "drift-broken": { "measure": ["psi_corrected", "ks"], "roles": ["feature", "prediction", "score"], "above": 0.4, "clear_at": 0.16, "p_adjusted_below": 0.01, "for": "1 of 1", "clear_for": 3, "severity": "critical" },
            "rates":        { "measure": ["missing_rate", "nan_rate", "unseen_rate", "out_of_range_rate"], "change_above": 0.01, "p_adjusted_below": 0.01, "for": "2 of 3", "severity": "warning" },
            "rates-broken": { "measure": ["missing_rate", "nan_rate", "unseen_rate", "out_of_range_rate"], "change_above": 0.2, "for": "1 of 1", "severity": "critical" },
            "schema":       { "measure": "violation_rate", "above": 0.01, "for": "1 of 1", "severity": "critical" },
            "performance":  { "measure": "performance", "outside": "reference", "for": "2 of 3", "severity": "critical" },
            "estimated":    { "measure": "estimated_*", "outside": "reference", "for": "2 of 3", "severity": "warning" },
            "sla":          { "measure": ["p99_ms", "error_rate"], "outside": "sla", "for": "2 of 3", "severity": "warning" },
            "silence":      { "measure": "rows", "below": 1, "no_data": "alert", "for": "2 of 2", "severity": "critical" },
            "unreadable":   { "measure": "invalid_rate", "above": 0.01, "for": "1 of 1", "severity": "critical" }
          },
          "routes": [{ "severity": ["warning", "critical"], "models": ["*"], "group_by": ["model"], "repeat": "1.00:00:00", "channels": ["team"] }],
          "channels": { "team": { "kind": "webhook", "url": "https://..", "secret": "${env:DRIFT_WEBHOOK_SECRET}" } },
          "silences": [], "maintenance": [], "inhibit": []
        }
        """;

    /// <summary>The fixed thresholds that teams know from checklists: psi over 0.2, kl over 0.1, p99 over 500 ms, errors over 1 %, in every single window.</summary>
    /// <remarks>Thresholds without regard to sample size. Measured without any drift, ten cells, reference and window of equal size: psi is over 0.2 in
    /// 31 % of windows of 100 rows, in 2 % of windows of 200, never of 1,000; and a real shift of 0.3 standard deviations at 10,000 rows (psi 0.09) is never told.
    /// Readings with too little data for a verdict are not judged here either, which takes away the false alarms of small windows: fifty stable columns raised none
    /// in a year of daily windows of 200 rows against 200 (too few to be judged), 500 against 500 or 1,000 against 50,000. Start from it to keep old numbers; change to <see cref="Calibrated"/> to be paged less and told more.</remarks>
    public const string Checklist = """
        {
          "rules": {
            "psi":     { "measure": "psi", "roles": ["feature", "prediction", "score"], "above": 0.2, "severity": "warning" },
            "kl":      { "measure": "kl", "roles": ["feature", "prediction", "score"], "above": 0.1, "severity": "warning" },
            "latency": { "measure": "p99_ms", "above": 500, "severity": "warning" },
            "errors":  { "measure": "error_rate", "above": 0.01, "severity": "warning" }
          },
          "routes": [{ "severity": ["warning", "critical"], "models": ["*"], "group_by": ["model"], "repeat": "1.00:00:00", "channels": ["team"] }],
          "channels": { "team": { "kind": "webhook", "url": "https://..", "secret": "${env:DRIFT_WEBHOOK_SECRET}" } },
          "silences": [], "maintenance": [], "inhibit": []
        }
        """;

    /// <summary>The text of a preset by its name (<c>calibrated</c>, <c>checklist</c>), or null.</summary>
    public static string? Find(string name) => name switch { "calibrated" => Calibrated, "checklist" => Checklist, _ => null };

    /// <summary>The names of the presets.</summary>
    public static IReadOnlyList<string> Names { get; } = ["calibrated", "checklist"];

    internal static Policy Read(string text)
    {
        var check = PolicyFormat.Read(Encoding.UTF8.GetBytes(text));
        return check.Policy ?? throw new InvalidOperationException("a built-in policy is wrong: " + check);
    }
}
