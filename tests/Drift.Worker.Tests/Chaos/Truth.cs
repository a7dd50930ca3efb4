using Drift.Worker.Stores;

namespace Drift.Worker.Tests.Chaos;

/// <summary>Everything a store holds against what the input says: positions, totals, windows, and the panes under them, which show a corruption that windows judged before do not.</summary>
static class Truth
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<long> CommittedAsync(IDriftStore store)
    {
        try
        {
            return (await store.SourcesAsync(Cancel)).Sum(s => s.Records);
        }
        catch (StoreException)
        {
            return 0; // away, or its tables are not there yet
        }
    }

    public static async Task<long> JudgedAsync(IDriftStore store)
    {
        try
        {
            return (await store.VersionsAsync(Cancel)).Sum(v => v.Windows);
        }
        catch (StoreException)
        {
            return 0;
        }
    }

    public static async Task HoldsAsync(IDriftStore store, Load load, Load.Expected expected, int partitions)
    {
        var sources = await store.SourcesAsync(Cancel);
        Assert.Equal(expected.Partitions, sources.OrderBy(s => s.Source.Partition).Select(s => new Load.Partition(s.Position!.Value, s.Watermark!.Value, s.Rows, s.Late, s.Invalid.Values.Sum())));
        Assert.Equal((load.Count + partitions, 0L), (sources.Sum(s => s.Records), sources.Sum(s => s.Gaps)));
        var windows = new Dictionary<DateTimeOffset, JudgedWindow>();
        for (DateTimeOffset? from = null; await store.WindowsAsync(new WindowQuery("m") { From = from, Limit = 1000 }, Cancel) is { Count: > 0 } page; from = page[^1].Window.End)
            foreach (var window in page) windows.Add(window.Window.Start, window);
        foreach (var (start, counts) in expected.Windows)
        {
            var judged = windows[start];
            var profile = (await store.ProfileAsync(judged, Cancel))!;
            Assert.Equal($"{start:O} {string.Join(",", counts)}", $"{start:O} {string.Join(",", profile.Columns[0].Histogram!.Counts.ToArray())}");
            Assert.Equal((0, counts.Sum(), "watermark", expected.Late.GetValueOrDefault(start)), (judged.Window.Revision, judged.Window.Rows, judged.Window.ClosedBy, judged.Window.Late));
            Assert.Equal(counts, Panes(store, judged, load.Reference));
        }
    }

    static long[] Panes(IDriftStore store, JudgedWindow judged, Profile reference)
    {
        using var transaction = store.Begin();
        var (from, to) = (judged.Window.Start.UtcTicks, judged.Window.End.UtcTicks);
        return transaction.Panes(new PaneKey("m", "", judged.Window.Reference, 0, to - from), from, to)
            .Select(p => ProfileFormat.ReadCounts(p.Counts, reference)).Aggregate((a, b) => a + b).Columns[0].Histogram!.Counts.ToArray();
    }
}
