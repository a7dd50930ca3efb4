using System.Text.Json;
using Drift.Worker.Web.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Drift.Worker.Web;

/// <summary>The request asks for something that cannot be given; becomes a problem document.</summary>
public sealed class RequestException(int status, string message) : Exception(message)
{
    public int Status => status;

    public static RequestException Bad(string message) => new(StatusCodes.Status400BadRequest, message);

    public static RequestException NotFound(string message) => new(StatusCodes.Status404NotFound, message);
}

/// <summary>Errors as RFC 9457 problem documents; to a browser that asks for a page, as a page.</summary>
static class Problem
{
    public static Task WriteAsync(HttpContext http, int status, string detail)
    {
        http.Response.StatusCode = status;
        if (IsPage(http)) return Layout.ErrorAsync(http, ReasonPhrases.GetReasonPhrase(status), detail);
        return Json.WriteAsync(http, "application/problem+json", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            json.WriteString("detail", detail);
            json.WriteString("instance", http.Request.Path.Value);
            json.WriteEndObject();
        });
    }

    static bool IsPage(HttpContext http) => http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/api") && !http.Request.Path.StartsWithSegments("/health");
}

/// <summary>JSON answers, written by hand: no reflection, and numbers as <see cref="JsonNumber"/> writes them.</summary>
static class Json
{
    public static Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write) => WriteAsync(http, "application/json", write);

    public static Task WriteAsync(HttpContext http, string contentType, Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        http.Response.ContentType = contentType;
        http.Response.ContentLength = buffer.WrittenCount;
        return http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted).AsTask();
    }

    public static string Instant(DateTimeOffset time) => EventTime.Format(time.UtcTicks);

    public static void Write(Utf8JsonWriter json, Window window)
    {
        json.WriteString("start", Instant(window.Start));
        json.WriteString("end", Instant(window.End));
        json.WriteString("version", window.Version);
        json.WriteNumber("revision", window.Revision);
        json.WriteNumber("rows", window.Rows);
        json.WriteNumber("late", window.Late);
        json.WriteString("closed_by", window.ClosedBy);
        json.WriteNumber("partitions", window.Partitions);
    }
}
