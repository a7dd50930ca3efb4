using System.Diagnostics;

namespace Drift.Worker.Windows;

/// <summary>The steps that take time, as spans: a commit, and in it each window that was judged. Names and counts only, never what a record holds.</summary>
static class Tracing
{
    public const string SourceName = "Drift.Worker";

    static readonly ActivitySource source = new(SourceName);

    public static Activity? Commit(int partitions, int records) => source.StartActivity("commit")?.SetTag("drift.partitions", partitions).SetTag("drift.records", records);

    public static Activity? Judge(string model, string version, DateTimeOffset start) =>
        source.StartActivity("judge window")?.SetTag("drift.model", model).SetTag("drift.version", version).SetTag("drift.window", EventTime.Format(start.UtcTicks));
}
