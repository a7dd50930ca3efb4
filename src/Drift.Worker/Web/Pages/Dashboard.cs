using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>All pages.</summary>
static class Dashboard
{
    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        var sheets = new WindowSheets(context.Store);
        Assets.Map(app);
        LiveEvents.Map(app, context);
        HomePage.Map(app, context, sheets);
        ModelPage.Map(app, context, sheets);
        QualityPage.Map(app, context, sheets);
        PerformancePage.Map(app, context, sheets);
        VersionsPage.Map(app, context, sheets);
        AlertsPage.Map(app, context);
        PolicyPage.Map(app, context);
        OperationsPage.Map(app, context);
    }
}
