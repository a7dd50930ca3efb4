namespace Drift.Alerts;

/// <summary>Turns a judged window into breaches, changes of state and notices. A pure function: the same arguments give the same result, to the byte.</summary>
public static class AlertMachine
{
    /// <summary>An alert whose model goes on being judged this many windows without it (a column that is gone, a version that retired) is resolved.</summary>
    public const int StaleWindows = 7;

    // Daily windows are judged a few seconds earlier or later each day, and a daily repeat that missed its window by a second would wait for the next.
    const double Early = 0.01;

    /// <summary>Judges one window.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="window">The window; all its segments are judged together. A higher revision takes the place of the lower one.</param>
    /// <param name="readings">All readings of the window.</param>
    /// <param name="states">What earlier judgements of the model left.</param>
    /// <param name="context">The time and what else counts; null: event time, no further silences.</param>
    public static Judgement Judge(Policy policy, Window window, IReadOnlyList<Reading> readings, AlertStates states, AlertContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(readings);
        ArgumentNullException.ThrowIfNull(states);
        context ??= new AlertContext();
        var judge = new WindowJudge(policy, window, readings, states, context);
        judge.Run();
        var told = Notifier.Run(policy, states with { Alerts = judge.Alerts, Judged = judge.Judged }, context, context.Now ?? window.End, Early);
        return told with { Breaches = judge.Breaches, Transitions = judge.Transitions };
    }

    /// <summary>Lets time pass without a window: what a route's wait, interval or repeat, or a silence, held back is told when its time has come.</summary>
    public static Judgement Tick(Policy policy, AlertStates states, DateTimeOffset now, AlertContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(states);
        return Notifier.Run(policy, states, context ?? new AlertContext(), now);
    }
}
