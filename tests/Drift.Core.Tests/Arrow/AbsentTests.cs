#if !ARROW
namespace Drift.Core.Tests.Arrow;

public sealed class AbsentTests
{
    [Fact]
    public void The_adapters_are_tested() =>
        Assert.Skip("Apache.Arrow and Microsoft.Data.Analysis cannot be restored from this package source: their adapters are NOT built and NOT tested here");
}
#endif
