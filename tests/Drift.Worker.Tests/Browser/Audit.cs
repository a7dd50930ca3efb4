using System.Text.Json.Nodes;
using Drift.Tests;

namespace Drift.Worker.Tests.Browser;

/// <summary>What is the same for every page: nobody else is asked, nothing complains, and everybody can use it. Pictures go to DRIFT_SCREENSHOTS where that is set.</summary>
static class Audit
{
    static readonly string script = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Drift.Worker.Tests", "Browser", "audit.js"));
    static readonly string? pictures = Environment.GetEnvironmentVariable("DRIFT_SCREENSHOTS");

    /// <summary>A picture for people to look at.</summary>
    public static async Task PictureAsync(BrowserPage page, string name)
    {
        if (pictures is not null) await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(pictures).FullName, name + ".png"), await page.PictureAsync(), TestContext.Current.CancellationToken);
    }

    public static async Task CheckAsync(BrowserPage page, Uri server, string name)
    {
        await PictureAsync(page, name);
        var found = await page.AskAsync(script);
        Assert.True(((JsonArray)found!["wrong"]!).Count == 0, $"{name}:\n" + string.Join('\n', ((JsonArray)found["wrong"]!).Select(w => (string?)w)));
        Assert.True((int)found["texts"]! > 10, $"{name}: only {found["texts"]} texts were looked at");
        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, r => Assert.True(r.StartsWith("data:", StringComparison.Ordinal) || new Uri(r).Authority == server.Authority, r));
    }
}
