using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Drift.Tests;

/// <summary>
/// A PostgreSQL of our own, started once per test run where its programs are installed; <c>DRIFT_POSTGRES</c> names another to use. Its server refuses to
/// run as root, so root runs it as user postgres.
/// </summary>
sealed partial class PostgresServer
{
    static readonly Lazy<PostgresServer?> shared = new(Find);
    static int databases;

    readonly string connection;
    readonly string? programs, folder;
    readonly int port;

    PostgresServer(string connection) => this.connection = connection;

    PostgresServer(string programs, string folder, int port) : this($"Host=127.0.0.1;Port={port};Username=drift;Database=postgres;Pooling=false")
    {
        (this.programs, this.folder, this.port) = (programs, folder, port);
        Run("chown", "postgres", folder);
        As("initdb", "-D", Data, "-A", "trust", "-U", "drift", "--no-sync", "--locale=C", "--encoding=UTF8");
        Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            As("pg_ctl", "-D", Data, "-m", "immediate", "stop");
            Directory.Delete(folder, recursive: true);
        };
    }

    string Data => Path.Combine(folder!, "data");

    /// <summary>The server, or null where there is none.</summary>
    public static PostgresServer? IfAny => shared.Value;

    public bool CanCrash => programs is not null;

    static PostgresServer? Find()
    {
        if (Environment.GetEnvironmentVariable("DRIFT_POSTGRES") is { Length: > 0 } given) return new PostgresServer(given);
        var programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (programs is null || !File.Exists(Path.Combine(programs, "bin", "initdb"))) return null;
        return new PostgresServer(Path.Combine(programs, "bin"), Directory.CreateTempSubdirectory("drift-postgres-").FullName, FreePort.Find());
    }

    void Start() => As("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(folder!, "log"), "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}", "start");

    /// <summary>As if the machine had lost power, and back.</summary>
    public void Crash()
    {
        As("pg_ctl", "-D", Data, "-m", "immediate", "stop");
        Start();
    }

    /// <summary>A new database; the connection string to it.</summary>
    public string Create()
    {
        var name = $"drift_{Environment.ProcessId}_{Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture)}";
        using var open = new NpgsqlConnection(connection);
        open.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {name}", open);
        command.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(connection) { Database = name, Pooling = true }.ToString();
    }

    void As(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(programs!, program), .. arguments];
        if (Environment.UserName == "root") Run("runuser", ["-u", "postgres", "--", .. command]);
        else Run(command[0], command[1..]);
    }

    static void Run(string program, params string[] arguments)
    {
        if (program == "chown" && Environment.UserName != "root") return;
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
