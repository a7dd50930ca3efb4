using System.Diagnostics;
using System.Globalization;

namespace Drift.Worker;

/// <summary>
/// For tests only: <c>DRIFT_FAILPOINT=NAME=stall:SECONDS|kill[@N]</c> stalls or kills the process the N-th time (default the third) that it comes to
/// this point with something at stake, once per process, and says so.
/// </summary>
public static class Failpoint
{
    static readonly string[] names = ["before_begin", "after_offsets", "before_commit", "after_commit", "before_send", "after_send"];

    // Not by the type's own initializer: what is wrong with it is the user's to mend, and is told as such.
    static readonly Lazy<(string Name, string Action, double? Stall, int At)?> armed = new(() => Parse(Environment.GetEnvironmentVariable("DRIFT_FAILPOINT")));
    static int hits;

    static (string, string, double?, int)? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        InputException Wrong() => new($"DRIFT_FAILPOINT: '{text}' is not NAME=stall:SECONDS|kill[@N] with NAME one of {string.Join(", ", names)}");
        var at = text.LastIndexOf('@');
        var count = 3;
        if (at >= 0 && !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out count)) throw Wrong();
        if ((at < 0 ? text : text[..at]).Split('=', 2) is not [var name, var action] || !names.Contains(name, StringComparer.Ordinal)) throw Wrong();
        if (action == "kill") return (name, action, null, count);
        if (!action.StartsWith("stall:", StringComparison.Ordinal) || !double.TryParse(action.AsSpan("stall:".Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) throw Wrong();
        return (name, action, seconds, count);
    }

    /// <summary>Whether this process is to stall or die: then nothing but its real work may come to a point.</summary>
    public static bool IsArmed => armed.Value is not null;

    /// <summary>Refuses what cannot be understood, before anything starts.</summary>
    public static void Check() => _ = armed.Value;

    /// <summary>Comes to a point. <paramref name="dirty"/>: whether something would be lost or doubled if the protocol were wrong. <paramref name="closing"/>: how many windows this step judges.</summary>
    public static void Hit(string name, bool dirty = true, int closing = 0)
    {
        if (armed.Value is not { } point || !dirty || point.Name != name || Interlocked.Increment(ref hits) != point.At) return;
        Console.Out.WriteLine($"failpoint {name} {point.Action}, {closing} windows closing");
        Console.Out.Flush();
        if (point.Stall is { } seconds)
        {
            Thread.Sleep(TimeSpan.FromSeconds(seconds));
            return;
        }
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
