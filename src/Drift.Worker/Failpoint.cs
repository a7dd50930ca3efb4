using System.Diagnostics;
using System.Globalization;

namespace Drift.Worker;

/// <summary>
/// For tests only: <c>DRIFT_FAILPOINT=NAME=stall:SECONDS|kill[@N]</c> stalls or kills the process the N-th time (default the third) that it comes to
/// this point with something at stake, once per process, and says so.
/// </summary>
public static class Failpoint
{
    static readonly (string Name, string Action, int At)? armed = Parse(Environment.GetEnvironmentVariable("DRIFT_FAILPOINT"));
    static int hits;

    static (string, string, int)? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var at = text.LastIndexOf('@');
        var count = 3;
        if (at >= 0 && !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out count)) throw new InputException($"DRIFT_FAILPOINT: '{text}' is not NAME=stall:SECONDS|kill[@N]");
        var parts = (at < 0 ? text : text[..at]).Split('=', 2);
        if (parts.Length != 2 || parts[1] != "kill" && !parts[1].StartsWith("stall:", StringComparison.Ordinal)) throw new InputException($"DRIFT_FAILPOINT: '{text}' is not NAME=stall:SECONDS|kill[@N]");
        return (parts[0], parts[1], count);
    }

    /// <summary>Whether this process is to stall or die: then nothing but its real work may come to a point.</summary>
    public static bool IsArmed => armed is not null;

    /// <summary>Comes to a point. <paramref name="dirty"/>: whether something would be lost or doubled if the protocol were wrong. <paramref name="closing"/>: how many windows this step judges.</summary>
    public static void Hit(string name, bool dirty = true, int closing = 0)
    {
        if (armed is not { } point || !dirty || point.Name != name || Interlocked.Increment(ref hits) != point.At) return;
        Console.Out.WriteLine($"failpoint {name} {point.Action}, {closing} windows closing");
        Console.Out.Flush();
        if (point.Action == "kill")
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
        Thread.Sleep(TimeSpan.FromSeconds(double.Parse(point.Action.AsSpan("stall:".Length), NumberStyles.Float, CultureInfo.InvariantCulture)));
    }
}
