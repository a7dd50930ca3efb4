using Drift.Tests;

namespace Drift.Core.Tests.House;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_reviewed_one() => PublicApi.Matches(typeof(Profile).Assembly, "Drift.Core.Tests");
}
