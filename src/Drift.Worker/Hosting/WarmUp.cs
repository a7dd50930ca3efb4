using System.Buffers;
using Drift.Alerts;
using Drift.Worker.References;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;

namespace Drift.Worker.Hosting;

/// <summary>
/// Some records through the whole path into a store in memory while the group is still forming, so that the code is compiled when the first real ones come.
/// The runtime begins to count calls only when for 100 ms nothing new was compiled, so a single run would change nothing: there are pauses. Nothing of it is kept.
/// </summary>
static class WarmUp
{
    const int Rounds = 20, Records = 500;

    static readonly TimeSpan pause = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(WatchedModel model, RecordLimits limits, LogOptions options, TimeProvider time, CancellationToken stop)
    {
        var models = new WatchedModels([new WatchedModel(model.Name, model.Config, model.Reference)]);
        using var store = new MemoryStore();
        store.SaveReference(model.ReferenceId, model.Name, model.Document);
        var engine = new WindowEngine(store, models, new Judge(models, () => Policy.Default, TimeProvider.System) { Silent = true }, limits, "warm-up") { Options = options with { Format = "native" } };
        var source = new SourcePartition("warm-up", 0);
        var fold = engine.Claim(source);
        var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (long i = 0; i < Rounds * Records && !stop.IsCancellationRequested; i++)
        {
            engine.Take(fold, Record(model, begin + model.Config.Window * (i / (double)Records), i), tombstone: false, i, DateTime.MaxValue.Ticks / 2);
            if ((i + 1) % Records > 0) continue;
            engine.Commit([source]);
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static byte[] Record(WatchedModel model, DateTimeOffset time, long i)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new RecordWriter(bytes);
        writer.Begin(time, model.Name, "1", $"r-{i}");
        foreach (var column in model.Reference.Columns.Where(c => c.Spec.Role is ColumnRole.Feature).Take(100))
            if (column.Categories is { } categories) writer.Feature(column.Name, categories.Categories.Count > 0 ? categories.Categories[(int)(i % categories.Categories.Count)] : "a");
            else writer.Feature(column.Name, Math.Round(Math.Sin(i) * 1000, (int)(i % 6)));
        writer.End();
        return bytes.WrittenSpan.ToArray();
    }
}
