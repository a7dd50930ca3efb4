using System.Text;

namespace Drift.Alerts;

/// <summary>The policies that ship.</summary>
public static class Presets
{
    /// <summary>The default: an effect floor and significance together, two of three windows, slow to clear.</summary>
    /// <remarks>Its numbers were simulated, not chosen by habit: fifty stable features, judged daily for a year, page on a fraction of one day.
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

    internal static Policy Read(string text)
    {
        var check = PolicyFormat.Read(Encoding.UTF8.GetBytes(text));
        return check.Policy ?? throw new InvalidOperationException("a built-in policy is wrong: " + check);
    }
}
