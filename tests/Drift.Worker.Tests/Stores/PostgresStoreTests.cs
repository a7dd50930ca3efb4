using Drift.Tests;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Postgres;
using Npgsql;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Stores;

public sealed class PostgresStoreTests : StoreConformance
{
    readonly string connection = PostgresServer.Shared.Create();

    public PostgresStoreTests()
    {
        Store = PostgresStore.At(connection);
        Store.Open();
    }

    protected override IDriftStore Store { get; }

    public override void Dispose() => Store.Dispose();

    [Fact]
    public void Only_one_transaction_judges_at_a_time()
    {
        using var first = Store.Begin();
        Assert.True(first.TryLockJudging());
        using (var second = Store.Begin()) Assert.False(second.TryLockJudging());
        first.Commit();
        using var third = Store.Begin();
        Assert.True(third.TryLockJudging());
    }

    [Fact]
    public async Task A_stale_owner_waits_for_the_claim_and_is_fenced_by_it()
    {
        var stale = Store.Claim(P(0), "a");
        using var writing = Store.Begin();
        Assert.True(writing.TrySavePartition(stale.State with { Position = 1 }));
        var claiming = Task.Run(() => Store.Claim(P(0), "b"), TestContext.Current.CancellationToken);
        writing.Commit();
        var claim = await claiming;
        Assert.Equal((1, 2), (claim.State.Position, claim.State.Epoch));
        using var late = Store.Begin();
        Assert.False(late.TrySavePartition(stale.State with { Position = 2 }));
    }

    /// <summary>The save waits for a claim that has not ended yet, and then goes by how it ended.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_save_waits_for_a_claim_and_leaves_out_what_it_took(bool committed)
    {
        var states = Enumerable.Range(0, 3).Select(p => Store.Claim(P(p), "a").State with { Position = 7 }).ToList();
        await using var own = new NpgsqlConnection(connection);
        await own.OpenAsync(TestContext.Current.CancellationToken);
        await using var claim = await own.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var raise = new NpgsqlCommand("UPDATE source_partition SET epoch = epoch + 1 WHERE part = 1", own, claim)) await raise.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var saving = Task.Run(() =>
        {
            using var transaction = Store.Begin();
            var saved = transaction.SavePartitions(states);
            transaction.Commit();
            return saved.Select(s => s.Partition).Order().ToList();
        }, TestContext.Current.CancellationToken);
        await using var look = NpgsqlDataSource.Create(connection);
        await Eventually.BeAsync("the save waits for the row", async () =>
        {
            await using var waiting = look.CreateCommand("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
            return (long)(await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken))! > 0;
        });
        Assert.False(saving.IsCompleted);
        if (committed) await claim.CommitAsync(TestContext.Current.CancellationToken);
        else await claim.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(committed ? [0, 2] : [0, 1, 2], await saving);
    }

    [Fact]
    public async Task Two_that_save_the_same_partitions_in_opposite_orders_never_wait_for_each_other_in_a_circle()
    {
        var states = Enumerable.Range(0, 40).Select(p => Store.Claim(P(p), "a").State).ToList();
        Task Save(IEnumerable<PartitionState> order) => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                using var transaction = Store.Begin();
                Assert.Equal(states.Count, transaction.SavePartitions([.. order.Select(s => s with { Position = i })]).Count);
                transaction.Commit();
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Save(states), Save(Enumerable.Reverse(states)));
    }

    [Fact]
    public void Two_workers_may_create_the_tables_at_once()
    {
        var fresh = PostgresServer.Shared.Create();
        Parallel.For(0, 4, _ =>
        {
            using var store = PostgresStore.At(fresh);
            store.Open();
        });
        using var check = PostgresStore.At(fresh);
        Assert.Equal(1, check.Claim(P(0), "a").State.Epoch);
    }

    [Fact]
    public void A_server_that_is_away_is_a_store_that_is_away()
    {
        using var store = PostgresStore.At("Host=127.0.0.1;Port=1;Username=x;Database=y;Timeout=1");
        Assert.Throws<StoreException>(store.Open);
        Assert.Throws<StoreException>(() => store.Claim(P(0), "a"));
        Assert.Throws<InputException>(() => PostgresStore.At("Hots=x"));
    }
}
