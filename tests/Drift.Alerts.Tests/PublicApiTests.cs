using Drift.Tests;

namespace Drift.Alerts.Tests;

public class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_reviewed_one() => PublicApi.Matches(typeof(Policy).Assembly, "Drift.Alerts.Tests");
}
