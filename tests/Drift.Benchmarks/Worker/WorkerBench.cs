using System.Globalization;
using Drift.Tests;
using Drift.Worker.Sources;

namespace Drift.Benchmarks.Worker;

/// <summary>
/// What the worker takes beside a Kafka client that does nothing: how fast one catches up with a backlog, whether two together cost more than one, and
/// whether memory grows with what has been read.
/// </summary>
static class WorkerBench
{
    static readonly Goal rate = new("one worker with PostgreSQL, 10 % to 90 % of a backlog of 30-feature records: rate over a bare consume loop", 0.5);
    static readonly Goal processor = new("two workers: processor seconds per million events over one's", 1.15, AtMost: true);
    static readonly Goal memory = new("resident memory after 3 million paced records over that after 1 million", 1.1, AtMost: true);

    static readonly string[] parts = ["rate", "processor", "memory"];

    public static int Run(bool quick, IReadOnlyCollection<string>? only = null)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        if (PostgresServer.IfAny is not { } server)
        {
            Console.Error.WriteLine("skipped: PostgreSQL is not installed here, and DRIFT_POSTGRES names no other");
            return 2;
        }
        var held = true;
        Console.WriteLine("| goal | at least | measured | verdict |");
        Console.WriteLine("|---|---|---|---|");
        if (only?.Except(parts).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"no part of that name: {unknown}; there are {string.Join(", ", parts)}");
            return 2;
        }
        bool Chosen(string name) => only?.Contains(name) ?? true;
        if (Chosen("rate")) held &= Say(rate, Middle(Enumerable.Range(0, quick ? 1 : 5).Select(_ => Rate(server, 300_000))));
        if (Chosen("processor")) held &= Say(processor, Middle(Enumerable.Range(0, quick ? 1 : 5).Select(_ => Processor(server, 300_000))));
        if (!quick && Chosen("memory")) held &= Say(memory, Memory(server));
        return held ? 0 : 1;
    }

    static bool Say(Goal goal, double value)
    {
        Console.WriteLine($"| {goal.Text} | {goal.Required} | {goal.Format(value)} | {(goal.IsMetBy(value) ? "holds" : "falls short")} |");
        return goal.IsMetBy(value);
    }

    static double Middle(IEnumerable<double> values) => values.Order().ToArray() is var all ? all[all.Length / 2] : double.NaN;

    static void Note(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    static double Rate(PostgresServer server, long records)
    {
        using var broker = new EmbeddedBroker();
        using var backlog = new Backlog(broker, "backlog");
        backlog.Produce(records);
        var before = backlog.BareRate();
        double own;
        using (var worker = new Watched(broker, backlog, server.Create(), workers: 1)) own = worker.Rate(records);
        var bare = (before + backlog.BareRate()) / 2;
        Note($"bare loop {bare:N0} records/s, worker {own:N0}");
        return own / bare;
    }

    static double Processor(PostgresServer server, long records)
    {
        var seconds = new double[2];
        for (var workers = 1; workers <= 2; workers++)
        {
            using var broker = new EmbeddedBroker();
            using var backlog = new Backlog(broker, "load");
            using var watched = new Watched(broker, backlog, server.Create(), workers);
            watched.Share();
            // What is compiled once in each process is no cost of an event.
            backlog.Produce(records / 2);
            watched.Reach(backlog.Count);
            var before = watched.ProcessorSeconds();
            backlog.Produce(records);
            watched.Reach(backlog.Count);
            seconds[workers - 1] = (watched.ProcessorSeconds() - before) * 1e6 / records;
            Note($"{workers} workers: {seconds[workers - 1]:F2} processor seconds per million events");
        }
        return seconds[1] / seconds[0];
    }

    static double Memory(PostgresServer server)
    {
        const double Pace = 20_000;
        using var broker = new EmbeddedBroker();
        using var backlog = new Backlog(broker, "paced");
        using var watched = new Watched(broker, backlog, server.Create(), workers: 1);
        watched.Share();
        double After(long more)
        {
            backlog.Produce(more, Pace);
            watched.Reach(backlog.Count);
            var resident = watched.Resident();
            Note($"{backlog.Count:N0} records: {resident:F1} MiB resident");
            return resident;
        }

        var early = After(1_000_000);
        return After(2_000_000) / early;
    }
}
