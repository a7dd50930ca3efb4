using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Drift.Worker.Sources;
using Npgsql;

namespace Drift.Benchmarks.Worker;

/// <summary>Workers as processes of their own, on a database of their own, seen from outside.</summary>
sealed class Watched : IDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromMinutes(5);

    readonly string folder = Directory.CreateTempSubdirectory("drift-bench-").FullName;
    readonly List<Process> processes = [];
    readonly NpgsqlConnection database;
    readonly NpgsqlCommand records, owners;

    public Watched(EmbeddedBroker broker, Backlog backlog, string connection, int workers)
    {
        File.WriteAllBytes(Path.Combine(folder, "r.json"), ProfileFormat.Write(Backlog.Reference()));
        File.WriteAllText(Path.Combine(folder, "drift.json"), $$"""
            {"Drift":{"Source":{"Topics":["{{backlog.Topic}}"],"Kafka":{"bootstrap.servers":"{{broker.BootstrapServers}}"} },
             "Models":{"bench":{"Reference":"r.json","Window":"01:00:00"} },"Store":{"Postgres":{{JsonSerializer.Serialize(connection)}} },"Web":{"Url":"http://127.0.0.1:0"} } }
            """);
        database = new NpgsqlConnection(connection);
        database.Open();
        records = new NpgsqlCommand("SELECT CAST(COALESCE(SUM(records), 0) AS BIGINT) FROM source_partition", database);
        owners = new NpgsqlCommand("SELECT COUNT(*) FROM source_partition GROUP BY owner", database);
        for (var i = 0; i < workers; i++) processes.Add(Start());
    }

    Process Start()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "drift.exe" : "drift"), ["run", "--config", Path.Combine(folder, "drift.json")])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Last = line.Data ?? Last;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    string Last { get; set; } = "";

    long Committed()
    {
        try
        {
            return (long)records.ExecuteScalar()!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
    }

    /// <summary>Waits until every worker owns its share of the partitions.</summary>
    public void Share()
    {
        Until(() =>
        {
            try
            {
                using var reader = owners.ExecuteReader();
                var shares = new List<long>();
                while (reader.Read()) shares.Add(reader.GetInt64(0));
                return shares.Count == processes.Count && shares.Max() - shares.Min() <= 1 && shares.Sum() == Backlog.Partitions;
            }
            catch (PostgresException)
            {
                return false;
            }
        }, 100);
    }

    /// <summary>Waits until that many records are committed.</summary>
    public void Reach(long count) => Until(() => Committed() >= count, 20);

    void Until(Func<bool> isSo, int milliseconds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(start) > patience || processes.Exists(p => p.HasExited)) throw new InvalidOperationException($"the worker does not get on ({Committed()} records): {Last}");
            Thread.Sleep(milliseconds);
        }
    }

    /// <summary>Records a second, from the first commit behind a tenth of them to the first behind nine tenths.</summary>
    public double Rate(long count)
    {
        (long Records, long At) Past(long records)
        {
            long seen = 0;
            Until(() => (seen = Committed()) >= records, 4);
            return (seen, Stopwatch.GetTimestamp());
        }

        var (from, to) = (Past(count / 10), Past(count * 9 / 10));
        if (from.Records == to.Records) throw new InvalidOperationException($"one commit held all of it ({to.Records} records): there is no rate between commits");
        return (to.Records - from.Records) / Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds;
    }

    /// <summary>Processor seconds of all workers so far.</summary>
    public double ProcessorSeconds()
    {
        processes.ForEach(p => p.Refresh());
        return processes.Sum(p => p.TotalProcessorTime.TotalSeconds);
    }

    /// <summary>Resident memory in MiB, the middle of some looks.</summary>
    public double Resident()
    {
        var looks = new List<double>();
        for (var i = 0; i < 21; i++)
        {
            processes[0].Refresh();
            looks.Add(processes[0].WorkingSet64 / 1048576.0);
            Thread.Sleep(50);
        }
        looks.Sort();
        return looks[looks.Count / 2];
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        records.Dispose();
        owners.Dispose();
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{processes.Count} workers");
}
