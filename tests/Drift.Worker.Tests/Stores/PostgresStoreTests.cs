using Drift.Tests;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Postgres;
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
