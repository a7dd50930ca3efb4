using System.Security.Cryptography;
using System.Text;
using Drift.Worker.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web;

/// <summary>
/// Who may ask for what. Without keys: whoever sits on this machine, and only by a loopback name, so that no web page can reach the interface through a
/// name of its own. With keys: a bearer token, or a browser's password prompt; known here only by their SHA-256.
/// </summary>
sealed class Guard(RequestDelegate next, WebContext context)
{
    static readonly string[] roles = ["reader", "operator", "admin"];
    static readonly object rankItem = new();
    readonly (byte[] Hash, int Rank, string Name)[] keys = [.. context.Config.Keys.Select(k => (Convert.FromHexString(k.Sha256), Array.IndexOf(roles, k.Role), k.Name))];
    readonly AccessLog accessed = new(context);

    /// <summary>The name of the key that asks; null where there are no keys.</summary>
    public static string? KeyOf(HttpContext http) => http.Items.TryGetValue(typeof(Guard), out var name) ? (string?)name : null;

    /// <summary>Who asks, for the audit: the key's name, or <c>local</c> for whoever sits on this machine.</summary>
    public static string ActorOf(HttpContext http) => KeyOf(http) ?? "local";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: with it a form of our own pages would come without its origin.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        if (http.Request.Path.StartsWithSegments("/health")) return next(http);
        if (IsFromElsewhere(http.Request)) return Problem.WriteAsync(http, StatusCodes.Status403Forbidden, "changes are not taken from another site's pages");
        if (keys.Length == 0) return WebServer.IsLoopback(http.Request.Host.Host) ? next(http) : Problem.WriteAsync(http, StatusCodes.Status403Forbidden, $"this interface answers only to a loopback name, not to '{http.Request.Host.Host}'");
        var (rank, name) = Rank(http.Request);
        http.Items[rankItem] = Math.Max(rank, 0);
        if (rank < 0)
        {
            accessed.Add(new Access("unknown", http.Request.Method, "", StatusCodes.Status401Unauthorized));
            headers.WWWAuthenticate = "Basic realm=\"drift\", charset=\"UTF-8\"";
            return Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "a key is needed: Authorization: Bearer KEY");
        }
        http.Items[typeof(Guard)] = name;
        return PassAsync(http, rank, name);
    }

    async Task PassAsync(HttpContext http, int rank, string name)
    {
        var needed = Needed(http.Request);
        try
        {
            await (rank >= needed ? next(http) : Problem.WriteAsync(http, StatusCodes.Status403Forbidden, $"a key with role {roles[needed]} is needed"));
        }
        finally
        {
            accessed.Add(new Access(name, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", http.Response.StatusCode));
        }
    }

    /// <summary>The role of who asks; without keys whoever sits here may do everything.</summary>
    public static string Role(HttpContext http) => roles[http.Items.TryGetValue(rankItem, out var rank) ? (int)rank! : roles.Length - 1];

    /// <summary>Whether who asks may change anything.</summary>
    public static bool MayChange(HttpContext http) => Role(http) != roles[0];

    /// <summary>A browser says where a page comes from that sends a change; a page of another site must not send one with this one's rights.</summary>
    static bool IsFromElsewhere(HttpRequest request)
    {
        if (Needed(request) == 0) return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site") return true;
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reading needs a reader, changing an operator.</summary>
    static int Needed(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? 0 : 1;

    (int Rank, string Name) Rank(HttpRequest request)
    {
        if (Key(request) is not { } key) return (-1, "");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var found = (Rank: -1, Name: "");
        // Every key is looked at, so that the time taken says nothing.
        foreach (var (known, its, name) in keys)
            if (CryptographicOperations.FixedTimeEquals(known, hash) && its > found.Rank) found = (its, name);
        return found;
    }

    static string? Key(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        Span<byte> bytes = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes[..length]);
        var at = pair.IndexOf(':', StringComparison.Ordinal);
        return at < 0 ? null : pair[(at + 1)..];
    }
}
