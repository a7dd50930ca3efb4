using System.Net;

namespace Drift.Alerts;

/// <summary>What a channel needs from its surroundings.</summary>
public sealed record ChannelServices
{
    /// <summary>The clients.</summary>
    public required ChannelHttp Http { get; init; }

    /// <summary>Where secrets come from; by default the environment and files.</summary>
    public SecretResolver Secrets { get; init; } = Alerts.Secrets.FromSystem;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where console channels write; null: standard output.</summary>
    public TextWriter? Console { get; init; }

    /// <summary>The address of the worker's own pages, for documents that name their sender.</summary>
    public string ExternalUrl { get; init; } = "";
}

/// <summary>Posts a body to a channel's address and turns every way in which that can fail into one exception. Secrets and paths of addresses never reach a message.</summary>
sealed class HttpSender(ChannelSpec spec, ChannelServices services)
{
    static readonly TimeSpan usual = TimeSpan.FromSeconds(20);
    static readonly TimeSpan longestPause = TimeSpan.FromDays(1);

    public string Name => spec.Name;

    public DateTimeOffset Now => services.Time.GetUtcNow();

    /// <summary>A setting with its secrets; throws a channel exception when one is missing.</summary>
    public string? Setting(string member) => spec[member] is { } setting ? Resolve(setting) : null;

    public IReadOnlyList<string> Settings(string member) => spec.Settings.TryGetValue(member, out var values) ? [.. values.Select(Resolve)] : [];

    public bool Flag(string member, bool otherwise = false) => spec[member] is { } flag ? flag.ToString() == "true" : otherwise;

    public TimeSpan Duration(string member, TimeSpan otherwise) =>
        spec[member] is { } span ? TimeSpan.ParseExact(span.ToString(), "c", System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    string Resolve(Setting setting)
    {
        try
        {
            return setting.Resolve(services.Secrets);
        }
        catch (InvalidOperationException e)
        {
            throw new ChannelException($"{spec.Name}: {e.Message}", inner: e);
        }
    }

    public Uri Url(string member = "url", string? otherwise = null)
    {
        if (Uri.TryCreate(Setting(member) ?? otherwise, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0) return url;
        throw new ChannelException($"{spec.Name}: {member} is no http or https address");
    }

    /// <summary>Sends once and returns when the destination answered with 2xx.</summary>
    public async Task SendAsync(Uri url, byte[] body, Action<HttpRequestMessage>? prepare, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("Drift/0.1");
        prepare?.Invoke(request);
        var timeout = Duration("timeout", usual);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            var client = services.Http.For(url, Flag("allow_private"));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw Failure(url, response);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException($"{spec.Name}: no answer from {url.Host} within {timeout.TotalSeconds:0.###} s", inner: e);
        }
        catch (HttpRequestException e)
        {
            // What the guard said stands behind what the client made of it.
            for (Exception? cause = e; cause is not null; cause = cause.InnerException)
                if (cause is ChannelException guard) throw new ChannelException($"{spec.Name}: {guard.Message}", inner: e);
            throw new ChannelException($"{spec.Name}: {url.Host}: {e.HttpRequestError}", inner: e);
        }
        catch (IOException e)
        {
            throw new ChannelException($"{spec.Name}: {url.Host}: the connection broke", inner: e);
        }
    }

    ChannelException Failure(Uri url, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var fault = response.StatusCode switch
        {
            HttpStatusCode.Gone => ChannelFault.Gone,
            HttpStatusCode.RequestEntityTooLarge => ChannelFault.Refused,
            _ => ChannelFault.Retry,
        };
        var what = status is >= 300 and < 400 ? "a redirect, which is not followed" : response.ReasonPhrase;
        return new ChannelException($"{spec.Name}: {url.Host} answered {status} ({what})", fault, Pause(response));
    }

    TimeSpan? Pause(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var pause = asked?.Delta ?? (asked?.Date is { } date ? date - Now : null);
        return pause is not { } p || p <= TimeSpan.Zero ? null : p < longestPause ? p : longestPause;
    }
}
