using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;

namespace Drift.Worker.Tests.Stores;

public sealed class MemoryStoreTests : StoreConformance
{
    protected override IDriftStore Store { get; } = new MemoryStore();

    public override void Dispose() => Store.Dispose();
}
