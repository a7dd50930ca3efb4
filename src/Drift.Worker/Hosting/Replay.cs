using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Sources.Files;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.Hosting;

/// <summary>
/// The worker's own pipeline over files: each file is one partition, whose lines are its log. Files advance together in event time, so that windows close
/// on the way and memory stays bounded; what is still open at the end of the input is closed by it. Notices are never sent.
/// </summary>
public sealed class Replay(DriftConfig config, Policy policy, IDriftStore store, TimeProvider time)
{
    const int Turn = 256;

    readonly WatchedModels models = WatchedModels.Load(config);

    /// <summary>Called now and then with the number of messages read.</summary>
    public Action<long>? OnProgress { get; init; }

    public void Run(IReadOnlyList<string> files, CancellationToken cancel)
    {
        store.Open();
        foreach (var model in models.All) store.SaveReference(model.ReferenceId, model.Name, model.Document);
        // Files have no topics: what a file holds shows in its first message.
        var truths = files.Where(HoldsTruths).Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal);
        var judge = new Judge(models, () => policy, time) { ByWallClock = false, Silent = true, TruthTopics = truths };
        var engine = new WindowEngine(store, models, judge, DriftWorker.Limits(config), "replay") { TruthTopics = truths, Options = DriftWorker.Options(config) };
        var began = time.GetUtcNow().UtcTicks;
        var inputs = files.Select((file, i) => new Input(engine.Claim(new SourcePartition(Name(files, i), i)), file, Math.Min(began, File.GetLastWriteTimeUtc(file).Ticks))).ToList();
        var all = inputs.Select(i => i.Fold.Source).Where(s => !engine.TruthTopics.Contains(s.Topic)).ToList();
        var read = 0L;
        try
        {
            while (inputs.Where(i => !i.Ended).MinBy(i => i.Fold.Watermark ?? long.MinValue) is { } next)
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = 0; i < Turn && next.MoveNext(); i++, read++)
                    if (!(next.Offset < next.Fold.Position)) engine.Take(next.Fold, new LogMessage(next.Message.Value, next.Time, next.Message.Headers, began), tombstone: false, next.Offset);
                if (next.Ended) next.Fold.End();
                if (engine.Uncommitted >= config.Source.CommitRecords) engine.Commit(all);
                OnProgress?.Invoke(read);
            }
            engine.Commit(all);
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }

    static bool HoldsTruths(string file) => LogMessages.OfJson(file).Take(1).Any(m => TruthReader.IsTruth(m.Value));

    /// <summary>Files of the same name in different folders are told apart by their number alone.</summary>
    static string Name(IReadOnlyList<string> files, int i) => Path.GetFileName(files[i]);

    sealed class Input(PartitionFold fold, string file, long time) : IDisposable
    {
        readonly IEnumerator<Outgoing> messages = LogMessages.OfJson(file).GetEnumerator();

        public PartitionFold Fold => fold;

        public bool Ended { get; private set; }

        /// <summary>The number of the message in its file.</summary>
        public long Offset { get; private set; } = -1;

        public Outgoing Message => messages.Current;

        /// <summary>When the file was last written: the time of messages that tell none.</summary>
        public long Time => time;

        public bool MoveNext()
        {
            if (!messages.MoveNext())
            {
                Ended = true;
                return false;
            }
            Offset++;
            return true;
        }

        public void Dispose() => messages.Dispose();
    }
}
