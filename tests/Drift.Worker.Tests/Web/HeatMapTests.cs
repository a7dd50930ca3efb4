using Drift.Alerts;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Stores;

namespace Drift.Worker.Tests.Web;

/// <summary>A model of 500 columns and 1,000 windows stays fluid: worst first, a bounded drawing, the rest by paging and filter.</summary>
public sealed class HeatMapTests
{
    const int Columns = 500, Windows = 1000;

    /// <summary>Readings as a judge leaves them; column c497 drifts in every window, c100 only in the last one.</summary>
    internal static MemoryStore Wide()
    {
        var store = new MemoryStore();
        var names = Enumerable.Range(0, Columns).Select(i => $"a_feature_with_a_long_name_c{i}").ToArray();
        var quiet = names.Select(n => new Reading { Measure = "psi_corrected", Column = n, Value = .0123, Rows = 1000, Verdict = Verdict.Ok }).ToArray();
        var claim = store.Claim(new SourcePartition("predictions", 0), "test");
        for (var w = 0; w < Windows; w++)
        {
            var readings = (Reading[])quiet.Clone();
            readings[497] = readings[497] with { Value = .345, Verdict = Verdict.Critical };
            if (w == Windows - 1) readings[100] = readings[100] with { Value = 1.5, Verdict = Verdict.Critical };
            var window = new Window { Model = "fraud", Version = "3", Start = WebFixture.Start.AddDays(w - Windows), End = WebFixture.Start.AddDays(w + 1 - Windows), Rows = 1000, Partitions = 1, Reference = "r1" };
            using var transaction = store.Begin();
            transaction.TrySavePartition(claim.State with { Position = w + 1, Records = w + 1 });
            transaction.SaveJudgement(new Judged(new JudgedWindow { Window = window, Readings = readings }, [], new Judgement { States = AlertStates.Empty }));
            transaction.Commit();
        }
        return store;
    }

    static int Count(string page, string text) => page.Split(text).Length - 1;

    [Fact]
    public async Task The_biggest_map_is_bounded_and_under_a_megabyte()
    {
        await using var web = await WebFixture.StartAsync(Wide());
        var (status, _, first) = await web.GetAsync("/models/fraud?version=3");
        Assert.Equal(200, status);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(first), 20_000, 1_000_000);
        Assert.Equal((100, 30), (Count(first, "<tr><th scope=\"row\">"), Count(first, "data-start=")));
        // Worst now before worst ever before the rest.
        Assert.True(first.IndexOf("_c100<", StringComparison.Ordinal) < first.IndexOf("_c497<", StringComparison.Ordinal));
        Assert.True(first.IndexOf("_c497<", StringComparison.Ordinal) < first.IndexOf("_c0<", StringComparison.Ordinal));
        Assert.Contains("500 columns, page 1 of 5", first, StringComparison.Ordinal);
        var (_, _, most) = await web.GetAsync("/models/fraud?version=3&windows=200");
        Assert.Equal((100, 200), (Count(most, "<tr><th scope=\"row\">"), Count(most, "data-start=")));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(most), 100_000, 1_000_000);
        var (refused, _, _) = await web.GetAsync("/models/fraud?version=3&windows=201");
        Assert.Equal(400, refused);
    }

    [Fact]
    public async Task The_rest_comes_by_paging_by_filter_and_by_time()
    {
        await using var web = await WebFixture.StartAsync(Wide());
        var seen = new HashSet<string>();
        for (var page = 1; page <= 5; page++)
            foreach (var name in (await web.GetAsync($"/models/fraud?version=3&windows=7&page={page}")).Body.Split("<bdi>a_feature_with_a_long_name_").Skip(1)) Assert.True(seen.Add(name[..name.IndexOf('<', StringComparison.Ordinal)]));
        Assert.Equal(Columns, seen.Count);
        var (_, _, one) = await web.GetAsync("/models/fraud?version=3&filter=C497");
        Assert.Equal(1, Count(one, "<tr><th scope=\"row\">"));
        var (_, _, moved) = await web.GetAsync("/models/fraud?version=3&show=moved");
        Assert.Equal(2, Count(moved, "<tr><th scope=\"row\">"));
        var (_, _, none) = await web.GetAsync("/models/fraud?version=3&filter=nothing-like-that");
        Assert.Contains("change the filter", none, StringComparison.Ordinal);
        var (_, _, early) = await web.GetAsync($"/models/fraud?version=3&before={Uri.EscapeDataString("2026-01-01T00:00:00Z")}&show=moved");
        Assert.Contains("data-start=\"2025-12-31T00:00:00Z\"", early, StringComparison.Ordinal);
        Assert.Equal(1, Count(early, "<tr><th scope=\"row\">"));
        var (wrong, _, why) = await web.GetAsync("/models/fraud?measure=psy");
        Assert.Equal(400, wrong);
        Assert.Contains("psi_corrected", why, StringComparison.Ordinal);
    }
}
