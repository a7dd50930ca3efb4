namespace Drift.Alerts;

/// <summary>A rule's memory of windows: which of them count together. Windows that overlap never do.</summary>
static class Marks
{
    /// <summary>Adds a window; judged again, it takes its own earlier place, so a revision never counts twice.</summary>
    public static List<Mark> Put(IReadOnlyList<Mark> marks, Mark mark)
    {
        var result = marks.Where(m => m.Window != mark.Window).ToList();
        var at = result.FindIndex(m => Later(m.Window, mark.Window));
        result.Insert(at < 0 ? result.Count : at, mark);
        return result;
    }

    static bool Later(Span a, Span b) => a.End != b.End ? a.End > b.End : a.Start > b.Start;

    /// <summary>From the last window backwards, each the latest that ends before the one after it begins.</summary>
    public static IEnumerable<Mark> Chain(IReadOnlyList<Mark> marks)
    {
        var limit = DateTimeOffset.MaxValue;
        for (var i = marks.Count - 1; i >= 0; i--)
        {
            if (marks[i].Window.End > limit) continue;
            limit = marks[i].Window.Start;
            yield return marks[i];
        }
    }

    /// <summary>
    /// How many of the last windows are breached. Where marks say by what, the windows of one measure on one side count together and the most of any is
    /// taken: of dozens of measures some lies outside its limits now and then, but seldom the same one twice.
    /// </summary>
    public static int Breached(IReadOnlyList<Mark> marks, int of)
    {
        var breached = Chain(marks).Take(of).Where(m => m.Outcome == Outcome.Breached).Select(m => m.Beyond).ToList();
        var named = breached.SelectMany(b => b.Split(' ', StringSplitOptions.RemoveEmptyEntries)).GroupBy(b => b, StringComparer.Ordinal).Select(g => g.Count()).DefaultIfEmpty(0).Max();
        return named + breached.Count(b => b.Length == 0);
    }

    /// <summary>How many windows in a row, the last one included, are clear.</summary>
    public static int ClearRun(IReadOnlyList<Mark> marks) => Chain(marks).TakeWhile(m => m.Outcome == Outcome.Clear).Count();

    /// <summary>The rule after a window: fires when enough windows are breached; stops when enough are clear and no longer enough are breached.</summary>
    public static RuleState Next(Rule rule, RuleState state, Mark? mark)
    {
        var marks = mark is { } given ? Put(state.Marks, given) : state.Marks;
        var enough = Breached(marks, rule.For.Of) >= rule.For.Needed;
        var firing = state.Firing ? enough || ClearRun(marks) < rule.ClearFor : enough;
        return state with { Firing = firing, Marks = Trim(marks, Math.Max(rule.For.Of, rule.ClearFor), firing) };
    }

    // Drops what no later judgement can count: windows before the oldest that could be reached, and, while quiet, everything before the first breach.
    static List<Mark> Trim(IReadOnlyList<Mark> marks, int reach, bool firing)
    {
        var reachable = Chain(marks).Take(reach).ToList();
        if (reachable.Count == 0) return [];
        var kept = reachable.Count < reach ? marks : [.. marks.Where(m => m.Window.End > reachable[^1].Window.Start)];
        return firing ? [.. kept] : [.. kept.SkipWhile(m => m.Outcome != Outcome.Breached)];
    }
}
