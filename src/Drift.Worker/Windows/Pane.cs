using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>The rows of one partition in one pane, while it can still grow.</summary>
sealed class Pane
{
    readonly ProfileBuilder builder;
    readonly RecordBatch batch;
    readonly long missesFrom;

    public Pane(WatchedModel model, PaneKey key)
    {
        Model = model;
        Key = key;
        builder = ProfileBuilder.ForWindow(model.Reference);
        batch = new RecordBatch(model.Layout, builder);
        // The pane can still take rows until the last window that it is part of has closed.
        var afterStart = model.Clock.Window + model.Clock.Grace + model.Clock.Keep;
        (missesFrom, ClosesAt) = (model.Clock.FirstWindow(key.Start) + afterStart, model.Clock.LastWindow(key.Start) + afterStart);
        if (model.Config.Deduplicate && key.Segment == "") Ids = new SeenIds();
    }

    /// <summary>Whether an instant lies in it.</summary>
    public bool Covers(long time) => (ulong)(time - Key.Start) < (ulong)Key.Length;

    /// <summary>Whether all of its windows still take rows.</summary>
    public bool MissesNone(long watermark) => watermark < missesFrom;

    /// <summary>What has been counted, when each id counts once; else null.</summary>
    public SeenIds? Ids { get; }

    public WatchedModel Model { get; }

    public PaneKey Key { get; }

    /// <summary>The watermark at which no row can come any more.</summary>
    public long ClosesAt { get; }

    public long Rows { get; private set; }

    public long Invalid { get; private set; }

    public long Late { get; private set; }

    /// <summary>Whether it differs from what is stored.</summary>
    public bool Dirty { get; private set; }

    public void Add(RecordRow row)
    {
        batch.Add(row);
        Rows++;
        Dirty = true;
    }

    /// <summary>Adds rows that were counted elsewhere against the same cells.</summary>
    public void Add(Profile profile)
    {
        batch.Flush();
        builder.Load(profile);
        Rows += profile.Rows;
        Dirty = true;
    }

    public void CountInvalid()
    {
        Invalid++;
        Dirty = true;
    }

    public void CountLate(long count = 1)
    {
        Late += count;
        Dirty = true;
    }

    /// <summary>Continues from what was stored.</summary>
    public void Load(PaneState state)
    {
        builder.Load(ProfileFormat.ReadCounts(state.Counts, Model.Reference));
        (Rows, Invalid, Late) = (state.Rows, state.Invalid, state.Late);
    }

    public PaneState ToState(bool open)
    {
        batch.Flush();
        return new PaneState(Key, Rows, Invalid, Late, open, ProfileFormat.WriteCounts(builder.ToProfile()));
    }

    public void Saved()
    {
        Dirty = false;
        Ids?.Saved();
    }
}
