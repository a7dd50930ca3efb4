using Drift.Worker.Stores;

namespace Drift.Worker.References;

/// <summary>
/// A reference from windows that follow each other. They share their reference's cells, so their counts add up exactly. Refused when the first half drifts
/// from the second: such a stretch is no ordinary one.
/// </summary>
sealed record Capture(Profile? Profile, IReadOnlyList<string> Drifted)
{
    /// <summary>The sum, and the columns in which its halves drift apart; null profile: fewer than two windows.</summary>
    public static Capture Of(IReadOnlyList<Profile> windows)
    {
        if (windows.Count < 2) return new Capture(null, []);
        var (first, second) = (Sum([.. windows.Take(windows.Count / 2)]), Sum([.. windows.Skip(windows.Count / 2)]));
        return new Capture(first + second, Apart(first, second));
    }

    public static Profile Sum(IReadOnlyList<Profile> profiles) => profiles.Aggregate((all, one) => all + one);

    static List<string> Apart(Profile first, Profile second) =>
        [.. Comparison.Compare(first, second).Where(r => r.Verdict is Verdict.Warning or Verdict.Critical).Select(r => r.Column).Distinct(StringComparer.Ordinal)];

    /// <summary>The same of stored windows, without those that overlap or are empty; <paramref name="problem"/> says why there can be none.</summary>
    public static async Task<(Capture? Capture, IReadOnlyList<JudgedWindow> Windows, string Problem)> OfStoredAsync(
        IResultStore store, string model, string? version, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var windows = Disjoint(await StoredHistory.ReadAsync(store, model, version, from, to, cancel));
        if (Problem(model, windows, $"{from:yyyy-MM-ddTHH:mm:ssZ} to {to:yyyy-MM-ddTHH:mm:ssZ}") is { } problem) return (null, windows, problem);
        var profiles = new List<Profile>();
        foreach (var window in windows)
            if (await store.ProfileAsync(window, cancel) is { } profile) profiles.Add(profile);
            else return (null, windows, $"model '{model}': the reference {window.Window.Reference} is no longer stored");
        var capture = Of(profiles);
        return (capture with { Profile = capture.Profile!.With(model, windows[^1].Window.Version) }, windows, "");
    }

    static string? Problem(string model, List<JudgedWindow> windows, string stretch)
    {
        if (windows.Count < 2) return $"model '{model}': {(windows.Count == 0 ? "no window starts" : "one window is too few, two at least must start")} in {stretch}";
        var versions = windows.Select(w => w.Window.Version).Distinct().ToList();
        if (versions.Count > 1) return $"model '{model}': there are several versions ({string.Join(", ", versions.Select(v => $"'{v}'"))}); name one";
        return windows.Select(w => w.Window.Reference).Distinct().Count() > 1
            ? $"model '{model}': the reference changed in this time, and counts in different cells do not add up; choose a stretch after the change"
            : null;
    }

    /// <summary>Windows that do not overlap, so that no row counts twice.</summary>
    static List<JudgedWindow> Disjoint(IReadOnlyList<JudgedWindow> windows)
    {
        var chosen = new List<JudgedWindow>();
        foreach (var window in windows.Where(w => w.Window.Rows > 0))
            if (!chosen.Exists(c => c.Window.Version == window.Window.Version && c.Window.End > window.Window.Start)) chosen.Add(window);
        return chosen;
    }
}
