using System.Diagnostics;

namespace Drift.Benchmarks;

/// <summary>
/// Times several pieces of work in interleaved rounds of one process, so that whatever slows the machine down hits all of them. A piece's time is its
/// fastest round: other work on the machine can only add. Medians are taken over processes.
/// </summary>
sealed class Meter(bool quick)
{
    const double WarmUp = 0.2;

    /// <summary>Whether a rougher measurement is wanted.</summary>
    public bool Quick => quick;

    public int Rounds => quick ? 9 : 25;

    /// <summary>The fastest time of each piece, in seconds per call.</summary>
    public double[] Times(params Action[] work) => Times(Rounds, quick ? 0.004 : 0.01, work);

    /// <summary>The same for pieces that take long: one call is one sample.</summary>
    public double[] LongTimes(params Action[] work) => Times(quick ? 5 : 9, 0, work);

    static double[] Times(int rounds, double sample, Action[] work)
    {
        var repeats = Array.ConvertAll(work, piece => Repeats(piece, sample));
        var best = new double[work.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < work.Length; i++)
                best[i] = Math.Min(best[i], Time(work[i], repeats[i]) / repeats[i]);
        return best;
    }

    /// <summary>Calls the work until the compiler has seen enough of it, then says how many calls fill a sample.</summary>
    static int Repeats(Action work, double sample)
    {
        if (sample == 0)
        {
            Time(work, 2);
            return 1;
        }
        var calls = 0;
        for (var start = Stopwatch.GetTimestamp(); calls < 100 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUp; calls++)
        {
            work();
            if (calls == 60) Thread.Sleep(120); // optimised code comes from a background thread
            if (calls > 3 && Stopwatch.GetElapsedTime(start).TotalSeconds > 10 * WarmUp) break;
        }
        return Math.Max(1, (int)(sample / (Time(work, 3) / 3)));
    }

    static double Time(Action work, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
