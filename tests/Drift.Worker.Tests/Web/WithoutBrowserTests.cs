#if !PLAYWRIGHT
namespace Drift.Worker.Tests.Web;

public sealed class WithoutBrowserTests
{
    [Fact]
    public void The_dashboard_is_looked_at_in_a_browser() => Assert.Skip("Microsoft.Playwright cannot be restored from this package source: the dashboard is NOT looked at in a browser");
}
#endif
