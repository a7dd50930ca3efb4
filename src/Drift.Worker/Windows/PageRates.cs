using System.Collections.Concurrent;
using Drift.Alerts;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>How often a policy calls somebody about a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Windows">The windows that were looked at.</param>
/// <param name="Pages">What the policy calls out over them.</param>
/// <param name="PagesPerYear">The same, in a year of such windows.</param>
/// <param name="ExpectedFalsePerYear">What it would call out in a year of windows drawn from the reference itself: those would be false.</param>
public sealed record PageRate(string Model, int Windows, int Pages, double PagesPerYear, double ExpectedFalsePerYear);

/// <summary>The pages of a policy, achieved beside expected. Expecting takes seconds for a wide model, so it is remembered.</summary>
public sealed class PageRates(IResultStore store)
{
    const int MostRemembered = 1000;

    /// <summary>How far back achieved pages are looked for.</summary>
    public static readonly TimeSpan Back = TimeSpan.FromDays(30);

    readonly ConcurrentDictionary<(string Policy, string Reference, TimeSpan Length, long Rows), Lazy<double>> expected = new();

    /// <summary>What was found last; empty before.</summary>
    public IReadOnlyList<PageRate> Last { get; private set; } = [];

    /// <summary>Of every model with windows since a time.</summary>
    public async Task<IReadOnlyList<PageRate>> LookAsync(Policy policy, DateTimeOffset since, CancellationToken cancel) =>
        Last = await OfAsync(policy, await StoredHistory.ReadAsync(store, null, null, since, null, cancel), cancel);

    /// <summary>Of the models of these windows.</summary>
    public async Task<IReadOnlyList<PageRate>> OfAsync(Policy policy, IReadOnlyList<JudgedWindow> windows, CancellationToken cancel)
    {
        var rates = new List<PageRate>();
        foreach (var group in windows.Where(w => w.Window.Rows > 0).GroupBy(w => w.Window.Model, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var typical = group.OrderBy(w => w.Window.Rows).ElementAt(group.Count() / 2).Window;
            if (await store.ReferenceAsync(typical.Reference, cancel) is not { } reference) continue;
            var achieved = StoredHistory.DryRun(policy, group);
            rates.Add(new PageRate(group.Key, group.Count(), achieved.Pages, achieved.PagesPerYear, Expected(policy, reference, typical)));
        }
        return rates;
    }

    /// <summary>Windows of about as many rows are told alike.</summary>
    double Expected(Policy policy, Profile reference, Window typical)
    {
        if (expected.Count >= MostRemembered) expected.Clear();
        var rows = (long)Math.Pow(2, Math.Round(Math.Log2(Math.Max(1, typical.Rows)) * 2) / 2);
        var length = typical.End - typical.Start;
        return expected.GetOrAdd((policy.Hash, typical.Reference, length, rows), _ => new Lazy<double>(() => FalsePages.PerYear(policy, reference, typical with { Rows = rows }))).Value;
    }
}
