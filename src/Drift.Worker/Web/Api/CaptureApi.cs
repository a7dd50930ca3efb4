using Drift.Worker.References;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>
/// POST /api/v1/models/{model}/capture?from=&amp;to=&amp;version=: a reference from stored windows, as <c>drift capture</c> makes it. It answers with the profile
/// document; 409 when the halves of this time drift apart.
/// </summary>
static class CaptureApi
{
    public static void Map(IEndpointRouteBuilder app, WebContext context) => app.MapPost("/api/v1/models/{model}/capture", async (HttpContext http, string model) =>
    {
        if (Query.Instant(http, "from") is not { } from || Query.Instant(http, "to") is not { } to) throw RequestException.Bad("from and to are wanted: the starts of the first window and of the first that is left out");
        var (capture, _, problem) = await Capture.OfStoredAsync(context.Store, model, Query.Text(http, "version"), from, to, http.RequestAborted);
        if (capture?.Profile is not { } reference) throw RequestException.Bad(problem);
        if (capture.Drifted.Count > 0) throw new RequestException(StatusCodes.Status409Conflict, $"refused: the first half of this time drifts from the second in {string.Join(", ", capture.Drifted)}");
        await Json.WriteAsync(http, json => ProfileFormat.Write(json, reference));
    });
}
