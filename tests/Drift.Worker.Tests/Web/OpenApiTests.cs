using System.Text.Json;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Tests.Web;

/// <summary>The description of the interface names exactly the routes that there are, and what it says of answers is what they hold.</summary>
public sealed class OpenApiTests
{
    static async Task<JsonElement> Read(WebFixture web, string path)
    {
        using var document = JsonDocument.Parse((await web.GetAsync(path)).Body);
        return document.RootElement.Clone();
    }

    [Fact]
    public async Task It_names_every_route_of_the_interface_and_no_other()
    {
        await using var web = await WebFixture.StartAsync();
        var described = (await Read(web, "/openapi/v1.json")).GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}")).Order(StringComparer.Ordinal);
        var mapped = web.Server.Endpoints.OfType<RouteEndpoint>().SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"))
            .Where(r => r.Contains("/api/", StringComparison.Ordinal) || r.Contains("/health/", StringComparison.Ordinal) || r is "GET /metrics" or "GET /openapi/v1.json").Order(StringComparer.Ordinal);
        Assert.Equal(mapped, described);
    }

    [Theory]
    [InlineData("/api/v1/models", "Model")]
    [InlineData("/api/v1/models/fraud/windows", "Window")]
    [InlineData("/api/v1/alerts", "Alert")]
    [InlineData("/api/v1/sources", "Source")]
    public async Task Every_answer_has_the_members_that_are_promised_and_no_unknown_kind_of_value(string path, string schema)
    {
        await using var web = await WebFixture.StartAsync();
        var promised = (await Read(web, "/openapi/v1.json")).GetProperty("components").GetProperty("schemas").GetProperty(schema);
        var items = (await Read(web, path)).EnumerateArray().ToList();
        Assert.NotEmpty(items);
        foreach (var item in items)
        {
            foreach (var name in promised.GetProperty("required").EnumerateArray()) Assert.True(item.TryGetProperty(name.GetString()!, out _), $"{path}: {name} is missing");
            foreach (var member in promised.GetProperty("properties").EnumerateObject().Where(m => item.TryGetProperty(m.Name, out _) && m.Value.TryGetProperty("type", out _)))
            {
                var kind = item.GetProperty(member.Name).ValueKind switch { JsonValueKind.Number => "integer", JsonValueKind.Object => "object", JsonValueKind.Array => "array", JsonValueKind.Null => "null", _ => "string" };
                Assert.Contains(kind, member.Value.GetProperty("type").ToString(), StringComparison.Ordinal);
            }
        }
    }
}
