using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The dashboard's own style, script and picture, and the description of the HTTP interface: embedded, named by their content, so that a browser keeps them until they change.</summary>
static class Assets
{
    static readonly Dictionary<string, (byte[] Bytes, string Type, string Tag)> files = new(StringComparer.Ordinal)
    {
        ["drift.css"] = Load("drift.css", "text/css; charset=utf-8"),
        ["drift.js"] = Load("drift.js", "text/javascript; charset=utf-8"),
        ["drift.svg"] = Load("drift.svg", "image/svg+xml"),
        ["openapi.json"] = Load("openapi.json", "application/json"),
    };

    /// <summary>The style sheet, for a file that stands alone.</summary>
    public static string Style { get; } = System.Text.Encoding.UTF8.GetString(files["drift.css"].Bytes);

    /// <summary>The address of a file, with its content's name in it.</summary>
    public static string Link(string name) => $"/assets/{name}?{files[name].Tag}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/assets/{name}", SendAsync);
        app.MapGet("/openapi/v1.json", (HttpContext http) => SendAsync(http, "openapi.json"));
    }

    static Task SendAsync(HttpContext http, string name)
    {
        if (!files.TryGetValue(name, out var file)) throw RequestException.NotFound($"there is no file '{name}'");
        http.Response.ContentType = file.Type;
        http.Response.ContentLength = file.Bytes.Length;
        http.Response.Headers.CacheControl = http.Request.QueryString.Value == $"?{file.Tag}" ? "private, max-age=31536000, immutable" : "no-cache";
        return http.Response.Body.WriteAsync(file.Bytes, http.RequestAborted).AsTask();
    }

    static (byte[], string, string) Load(string name, string type)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream($"assets/{name}") ?? throw new InvalidOperationException($"the resource {name} is missing");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, type, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
    }
}
