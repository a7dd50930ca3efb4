using Drift.Worker.Stores;

namespace Drift.Worker.Tests.Stores;

/// <summary>One partition at a time.</summary>
static class StoreTransactions
{
    public static bool TrySavePartition(this IStoreTransaction transaction, PartitionState state) => transaction.SavePartitions([state]).Contains(state.Source);

    public static void SavePanes(this IStoreTransaction transaction, SourcePartition source, params IEnumerable<PaneState> panes) => transaction.SavePanes([.. panes.Select(p => p with { Source = source })]);
}
