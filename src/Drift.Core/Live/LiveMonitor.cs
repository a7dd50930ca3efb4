using System.Diagnostics.Metrics;

namespace Drift;

/// <summary>
/// Records a service's own rows on its request path and gives one profile per window: to compare in-process, to publish as metrics, or to send on.
/// </summary>
/// <remarks>
/// <see cref="Record"/> may be called from any number of threads; it takes no lock, and allocates nothing once a thread has recorded its first row.
/// Every row is in exactly one window. Instruments of the meter <c>Drift.LiveMonitor</c>: the counters <c>drift.live.rows</c> and
/// <c>drift.live.windows</c>, and the gauge <c>drift.live.psi</c> of the last window, by column.
/// </remarks>
public sealed class LiveMonitor : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Drift.LiveMonitor";

    static readonly CompareOptions psiOnly = new() { Measures = ["psi"] };

    readonly Profile reference;
    readonly TimeProvider time;
    readonly Action<Profile>? handOff;
    readonly int numbers, categories;
    readonly ThreadLocal<LiveSlot> own;

    /// <summary>The thread's slot of the monitor that it used last: a service has one, and this is the quickest way to it.</summary>
    [ThreadStatic]
    static LiveSlot? recent;

    readonly List<LiveSlot> slots = [];
    readonly Lock gate = new(); // held by whoever closes a window and by a thread's first record, never on the recording path
    readonly Meter meter = new(MeterName);
    readonly Counter<long> rowCounter, windowCounter;
    readonly Gauge<double> psi;
    readonly ITimer? timer;
    Profile collected;
    DateTimeOffset start;
    int phase;

    /// <summary>Creates a monitor.</summary>
    /// <param name="reference">What the windows are counted against.</param>
    /// <param name="time">Where the time comes from.</param>
    /// <param name="window">How long a window lasts; null when only <see cref="CloseWindow"/> ends one.</param>
    /// <param name="handOff">Is given the profile of each window that the timer ended and that has rows.</param>
    public LiveMonitor(Profile reference, TimeProvider time, TimeSpan? window = null, Action<Profile>? handOff = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(time);
        (this.reference, this.time, this.handOff) = (reference, time, handOff);
        numbers = reference.Columns.Count(column => column.Histogram is not null);
        categories = reference.Columns.Count - numbers;
        collected = reference.Empty();
        start = time.GetUtcNow();
        own = new(Register);
        rowCounter = meter.CreateCounter<long>("drift.live.rows", "{row}", "rows of closed windows");
        windowCounter = meter.CreateCounter<long>("drift.live.windows", "{window}", "closed windows");
        psi = meter.CreateGauge<double>("drift.live.psi", "1", "population stability index of the last window");
        if (window is { } length) timer = time.CreateTimer(_ => EndOfWindow(), null, length, length);
    }

    /// <summary>Records one row.</summary>
    /// <param name="values">The numeric columns in the reference's order; NaN is counted as NaN.</param>
    /// <param name="texts">The categorical columns in the reference's order; null is a missing value.</param>
    /// <exception cref="ArgumentException">Not one value per column.</exception>
    public void Record(ReadOnlySpan<double> values, ReadOnlySpan<string?> texts = default)
    {
        if (values.Length != numbers || texts.Length != categories) throw WrongShape(values.Length, texts.Length);
        var slot = recent;
        if (slot?.Monitor != this) recent = slot = own.Value!;
        var rows = slot.Enter(ref phase);
        rows.Add(values);
        if (texts.Length > 0) AddAndLeave(slot, rows, texts);
        else slot.Leave();
    }

    /// <summary>Apart, because texts can need memory: a thread that fails must leave too, or no window would end any more; and a guarded region would slow down rows of numbers.</summary>
    static void AddAndLeave(LiveSlot slot, LiveRows rows, ReadOnlySpan<string?> texts)
    {
        try
        {
            rows.Add(texts);
        }
        finally
        {
            slot.Leave();
        }
    }

    ArgumentException WrongShape(int values, int texts) => values != numbers
        ? new($"{values} numbers for {numbers} numeric columns", nameof(values))
        : new($"{texts} texts for {categories} categorical columns", nameof(texts));

    /// <summary>The current window so far; it goes on.</summary>
    public Profile Snapshot()
    {
        lock (gate)
        {
            Collect();
            return collected.With(start: start, end: time.GetUtcNow());
        }
    }

    /// <summary>Ends the current window, begins the next, and returns the ended one.</summary>
    public Profile CloseWindow()
    {
        Profile closed;
        lock (gate)
        {
            var end = time.GetUtcNow();
            Collect();
            closed = collected.With(start: start, end: end);
            (collected, start) = (reference.Empty(), end);
        }
        Publish(closed);
        return closed;
    }

    /// <summary>Stops the timer and the instruments; what was recorded since the last window's end stays in <see cref="Snapshot"/>.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        meter.Dispose();
    }

    LiveSlot Register()
    {
        var slot = new LiveSlot(this, reference, Thread.CurrentThread);
        lock (gate) slots.Add(slot);
        return slot;
    }

    /// <summary>Turns to the other halves, waits for the few rows that are still being written into these, and adds them up.</summary>
    void Collect()
    {
        var ended = phase;
        Interlocked.Increment(ref phase);
        Interlocked.MemoryBarrierProcessWide();
        foreach (var slot in slots)
            if (slot.Drain(ended) is { } part) collected += part;
        slots.RemoveAll(slot => slot.IsOrphan);
    }

    void EndOfWindow()
    {
        var closed = CloseWindow();
        if (closed.Rows > 0) handOff?.Invoke(closed);
    }

    void Publish(Profile closed)
    {
        rowCounter.Add(closed.Rows);
        windowCounter.Add(1);
        if (!psi.Enabled || closed.Rows == 0) return;
        foreach (var reading in Comparison.Compare(reference, closed, psiOnly))
            if (double.IsFinite(reading.Value)) psi.Record(reading.Value, new KeyValuePair<string, object?>("column", reading.Column));
    }
}
