using Drift.Alerts;
using Drift.Worker.Commands.Review;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.Hosting;

/// <summary>
/// Sends the review of the last days when a route's schedule says so: once for each occurrence, whichever of many workers comes first, also when none ran
/// at the very minute.
/// </summary>
sealed class ReviewSender(IDriftStore store, Func<Policy> policy, TimeProvider time)
{
    static readonly TimeSpan look = TimeSpan.FromSeconds(20);

    /// <summary>An occurrence that nobody served for longer than this is left out.</summary>
    static readonly TimeSpan latest = TimeSpan.FromHours(12);

    const string Action = "report.send";

    readonly HashSet<string> served = new(StringComparer.Ordinal);

    /// <summary>Looks until cancelled; a store that is away is asked again.</summary>
    public async Task RunAsync(Action sent, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await LookAsync(stop)) sent();
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                // The occurrence is still there at the next look.
            }
            await Task.Delay(look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Puts the reviews that are due into the outbox; true when there was one.</summary>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        var (active, now, any) = (policy(), time.GetUtcNow(), false);
        foreach (var route in active.Routes)
        {
            if (route.Report is not { } report || report.Schedule.Last(now, latest) is not { } due) continue;
            var name = $"{report.Schedule} {EventTime.Format(due.UtcTicks)} to {string.Join(", ", route.Channels)}";
            if (served.Contains(name)) continue;
            any |= await SendAsync(active, route, report, due, name, cancel);
        }
        return any;
    }

    async Task<bool> SendAsync(Policy active, Route route, ReviewSchedule report, DateTimeOffset due, string name, CancellationToken cancel)
    {
        var review = await StoreReview.WriteAsync(store, active, null, due - report.Since, due, cancel);
        using var transaction = store.Begin();
        // One worker at a time: the others find it on record.
        if (!transaction.TryLockJudging()) return false;
        served.Add(name);
        if (transaction.IsOnRecord(Action, name)) return false;
        transaction.Enqueue([.. route.Channels.Select(channel => Notice.Review(channel, due, report.Schedule.ToString(), review.Title, review.ToMarkdown()))]);
        transaction.Audit(new AuditEvent(time.GetUtcNow(), "worker", Action, name, JudgeAudit.Json(json => json.WriteString("policy", active.Hash))));
        transaction.Commit();
        return true;
    }
}
