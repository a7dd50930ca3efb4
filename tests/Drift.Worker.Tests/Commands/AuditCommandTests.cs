using System.Text.Json;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Drift.Worker.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    static readonly DateTimeOffset noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    readonly Folder folder = new();
    readonly string config;

    public AuditCommandTests()
    {
        folder.File("r.json", "");
        config = folder.File("drift.json", $$"""{ "Drift": { "Models": { "m": { "Reference": "r.json" } }, "Store": { "Sqlite": {{JsonSerializer.Serialize(folder["drift.db"])}} } } }""");
        using var store = SqliteStore.At(folder["drift.db"]);
        store.Open();
        using var transaction = store.Begin();
        for (var i = 1; i <= 5; i++) transaction.Audit(new AuditEvent(noon.AddMinutes(i), "ada", "silence.create", $"s{i}", "{}"));
        transaction.Commit();
    }

    public void Dispose() => folder.Dispose();

    void Sql(string text)
    {
        using var connection = new SqliteConnection($"Data Source={folder["drift.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    [Fact]
    public async Task A_whole_chain_is_fine_and_names_its_head()
    {
        var run = await Run.Of("audit", "verify", "--config", config, "--format", "json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var found = JsonDocument.Parse(run.Out);
        var head = found.RootElement.GetProperty("head").GetString()!;
        Assert.Equal((true, 5), (found.RootElement.GetProperty("ok").GetBoolean(), found.RootElement.GetProperty("entries").GetInt32()));
        Assert.Contains($"5 entries, all in place; the last hash is {head}", (await Run.Of("audit", "verify", "--config", config, "--head", head)).Out, StringComparison.Ordinal);
        // The end cut off is a whole chain, too: only who noted the head knows.
        Sql("DELETE FROM audit WHERE seq = 5");
        Assert.Equal(0, (await Run.Of("audit", "verify", "--config", config)).Code);
        Assert.Equal(1, (await Run.Of("audit", "verify", "--config", config, "--head", head)).Code);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'eve' WHERE seq = 3", "entry 3 was changed")]
    [InlineData("UPDATE audit SET at = at + 1 WHERE seq = 2", "entry 2 was changed")]
    [InlineData("DELETE FROM audit WHERE seq = 2", "entry 2 is missing")]
    [InlineData("UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = -3", "entry 3 does not continue entry 2")]
    public async Task Whatever_was_done_to_an_entry_is_found(string tamper, string expected)
    {
        Sql(tamper);
        var run = await Run.Of("audit", "verify", "--config", config);
        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }
}
