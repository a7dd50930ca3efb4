using Drift.Worker.Stores;
using Drift.Worker.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Stores;

public sealed class SqliteStoreTests : StoreConformance
{
    readonly string folder = Directory.CreateTempSubdirectory("drift-sqlite-").FullName;

    public SqliteStoreTests()
    {
        Store = SqliteStore.At(File);
        Store.Open();
    }

    string File => Path.Combine(folder, "drift.db");

    protected override IDriftStore Store { get; }

    public override void Dispose()
    {
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    object? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    [Fact]
    public void It_writes_ahead_and_survives_being_opened_again()
    {
        Assert.Equal("wal", Ask("PRAGMA journal_mode"));
        Assert.True(Version.Parse((string)Ask("SELECT sqlite_version()")!) >= new Version(3, 40), "a patched SQLite is used");
        Assert.Equal(1, Store.Claim(P(0), "a").State.Epoch);
        using var again = SqliteStore.At(File);
        again.Open();
        Assert.Equal(2, again.Claim(P(0), "b").State.Epoch);
    }

    [Fact]
    public void A_store_of_a_newer_drift_is_refused()
    {
        Ask("UPDATE drift_schema SET version = 99");
        using var again = SqliteStore.At(File);
        Assert.Contains("schema version 99", Assert.Throws<InputException>(again.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_input_problem()
    {
        using var store = SqliteStore.At(Path.Combine(folder, "no", "drift.db"));
        Assert.Contains("does not exist", Assert.Throws<InputException>(store.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_do_not_wait_for_the_writer()
    {
        Store.Claim(P(0), "a");
        using var transaction = Store.Begin();
        Assert.Single(transaction.Partitions());
        Assert.Single(await Store.SourcesAsync(TestContext.Current.CancellationToken));
    }
}
