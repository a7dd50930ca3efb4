using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>
/// One thread's part of a monitor: two halves, of which the thread fills the one of the current phase while the other one is collected.
/// </summary>
/// <remarks>
/// The thread announces the phase and then looks again: if the phase has not changed, whoever ends it sees the announcement and waits. One of them must
/// see the other, which takes a fence between write and read on both sides. Records are many and windows few, so the thread pays for none: whoever
/// ends a phase makes all processors pass one (<see cref="Interlocked.MemoryBarrierProcessWide"/>) between changing the phase and looking at the
/// announcements. Phases end one at a time, and a half is drained before the phase that fills it again begins.
/// </remarks>
sealed class LiveSlot(LiveMonitor monitor, Profile reference, Thread owner)
{
    const int Idle = -1;

    readonly LiveRows[] halves = [new(reference), new(reference)];
    int working = Idle;

    /// <summary>Whose rows they are.</summary>
    public LiveMonitor Monitor => monitor;

    /// <summary>Whether nobody will record here again: the thread has ended, and both halves were drained since.</summary>
    public bool IsOrphan => !owner.IsAlive && halves[0].IsEmpty && halves[1].IsEmpty;

    /// <summary>The half to record into, until <see cref="Leave"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LiveRows Enter(ref int phase)
    {
        while (true)
        {
            var seen = Volatile.Read(ref phase);
            Volatile.Write(ref working, seen & int.MaxValue);
            if (Volatile.Read(ref phase) == seen) return halves[seen & 1];
        }
    }

    public void Leave() => Volatile.Write(ref working, Idle);

    /// <summary>The rows of a phase that has ended and whose end all processors know of; null when there are none.</summary>
    public Profile? Drain(int ended)
    {
        var wait = default(SpinWait);
        while (Volatile.Read(ref working) == (ended & int.MaxValue)) wait.SpinOnce();
        return halves[ended & 1].Take();
    }
}
