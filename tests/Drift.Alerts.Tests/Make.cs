using System.Text;

namespace Drift.Alerts.Tests;

/// <summary>Short ways to windows, readings and policies.</summary>
static class Make
{
    public static readonly DateTimeOffset Origin = new(2026, 11, 19, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The n-th day.</summary>
    public static Window Day(int n, int revision = 0, string version = "3", string model = "fraud") => new()
    {
        Model = model, Version = version, Start = Origin.AddDays(n), End = Origin.AddDays(n + 1), Revision = revision, Rows = 18240,
    };

    public static Reading Drift(string column, double value, string measure = "ks", double? p = 1e-9, long rows = 18240, ReadingStatus status = ReadingStatus.Ok,
        string segment = "") => new()
    {
        Measure = measure, Column = column, Value = value, PAdjusted = p, Rows = rows, Status = status, Segment = segment,
    };

    public static Reading Rate(string column, double value, double reference, string measure = "missing_rate", double? p = 1e-9) => new()
    {
        Measure = measure, Column = column, Kind = ReadingKind.Quality, Value = value, ReferenceValue = reference, PAdjusted = p, Rows = 18240,
    };

    public static Reading Rows(long rows) => new() { Measure = "rows", Kind = ReadingKind.Service, Value = rows, Rows = rows };

    public static Policy Policy(string json)
    {
        var check = PolicyFormat.Read(Encoding.UTF8.GetBytes(json));
        Assert.True(check.IsValid, check.ToString());
        return check.Policy!;
    }

    /// <summary>A policy of the given rules that tells the console everything.</summary>
    public static Policy Rules(string rules, string route = "") => Policy($$"""
        { "rules": { {{rules}} }, "routes": [{ {{(route.Length > 0 ? route + "," : "")}} "channels": ["out"] }], "channels": { "out": { "kind": "console" } } }
        """);
}

/// <summary>A machine with its memory, to which windows are given one after the other.</summary>
sealed class Run(Policy policy, AlertContext? context = null)
{
    public Policy Policy { get; set; } = policy;

    public AlertContext? Context { get; set; } = context;

    public AlertStates States { get; set; } = AlertStates.Empty;

    public List<Notice> Notices { get; } = [];

    public List<Transition> Transitions { get; } = [];

    public Judgement Day(int n, params Reading[] readings) => Judge(Make.Day(n), readings);

    public Judgement Judge(Window window, params Reading[] readings)
    {
        var judgement = AlertMachine.Judge(Policy, window, readings, States, Context);
        return Keep(judgement);
    }

    public Judgement Tick(DateTimeOffset now) => Keep(AlertMachine.Tick(Policy, States, now, Context));

    Judgement Keep(Judgement judgement)
    {
        // Through the text every time, as a worker does it.
        States = AlertFormat.ReadStates(AlertFormat.Write(judgement.States));
        Notices.AddRange(judgement.Notices);
        Transitions.AddRange(judgement.Transitions);
        return judgement;
    }

    public Alert? Only => States.Current.SingleOrDefault();
}
