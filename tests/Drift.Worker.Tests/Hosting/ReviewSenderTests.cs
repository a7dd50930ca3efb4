using System.Text;
using Drift.Alerts;
using Drift.Worker.Hosting;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Web;
using Drift.Worker.Tests.Windows;

namespace Drift.Worker.Tests.Hosting;

/// <summary>The weekly review as a schedule of a route.</summary>
public sealed class ReviewSenderTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Policy Policy(string report) => PolicyFormat.Read(Encoding.UTF8.GetBytes($$"""
        { "rules": {}, "routes": [{ "channels": ["log", "mail"], "report": { {{report}} } }, { "channels": ["log"] }],
          "channels": { "log": { "kind": "console" }, "mail": { "kind": "file", "path": "reviews.jsonl" } } }
        """)).Policy!;

    [Fact]
    public async Task A_review_is_sent_once_for_each_occurrence_by_whichever_worker_comes_first()
    {
        using var store = WebFixture.Filled();
        // Mondays at eight in Berlin, in winter seven in UTC.
        var policy = Policy(""" "schedule": "0 8 * * 1", "time_zone": "Europe/Berlin", "since": "30.00:00:00" """);
        var time = new FakeTime(new DateTimeOffset(2026, 11, 9, 6, 59, 0, TimeSpan.Zero));
        var (first, second) = (new ReviewSender(store, () => policy, time), new ReviewSender(store, () => policy, time));
        Assert.False(await first.LookAsync(Cancel));
        time.Now += TimeSpan.FromMinutes(3);
        Assert.True(await first.LookAsync(Cancel));
        Assert.False(await second.LookAsync(Cancel));
        Assert.False(await first.LookAsync(Cancel));
        IReadOnlyList<Notice> Sent() => [.. store.Notices.Where(n => n.Reason == NoticeReason.Report)];
        Assert.Equal(["log", "mail"], Sent().Select(n => n.Channel));
        Assert.All(Sent(), n => Assert.Equal(new DateTimeOffset(2026, 11, 9, 7, 0, 0, TimeSpan.Zero), n.At));
        Assert.Equal(2, Sent().Select(n => n.Id).Distinct().Count());
        Assert.Contains("1 model, 6 windows, 6,000 rows", Sent()[0].Text, StringComparison.Ordinal);
        time.Now += TimeSpan.FromDays(7);
        Assert.True(await second.LookAsync(Cancel));
        Assert.Equal(4, Sent().Count);
        Assert.Equal(["report.send", "report.send"], (await store.AuditAsync(new AuditQuery(), Cancel)).Select(e => e.Action));
        // An occurrence that nobody served for long is left out.
        time.Now += TimeSpan.FromDays(7) + TimeSpan.FromHours(12);
        Assert.False(await second.LookAsync(Cancel));
    }

    [Fact]
    public async Task The_review_reaches_its_channel_as_text()
    {
        using var store = WebFixture.Filled();
        var policy = Policy(""" "schedule": "0 8 * * 1" """);
        Assert.Equal((TimeSpan.FromDays(7), "UTC"), (policy.Routes[0].Report!.Since, policy.Routes[0].Report!.Schedule.Zone.Id));
        Assert.True(await new ReviewSender(store, () => policy, new FakeTime(new DateTimeOffset(2026, 11, 9, 8, 0, 0, TimeSpan.Zero))).LookAsync(Cancel));
        var output = new StringWriter();
        await new Delivery(store, name => name == "log" ? new ConsoleChannel(name, output) : null).RunOnceAsync(Cancel);
        Assert.StartsWith("# Drift review, 2026-11-02 to 2026-11-09", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("## Pages", output.ToString(), StringComparison.Ordinal);
    }
}
