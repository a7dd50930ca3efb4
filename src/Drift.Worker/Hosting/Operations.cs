using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Web;
using Drift.Worker.Windows;

namespace Drift.Worker.Hosting;

/// <summary>What people change while the worker runs. Each change is a transaction with its entry in the audit.</summary>
sealed class Operations(IDriftStore store, TimeProvider time) : IOperations
{
    const int MostSilences = 1000;

    /// <summary>For how long a silence that has ended can still be seen.</summary>
    static readonly TimeSpan kept = TimeSpan.FromDays(90);

    /// <summary>Under the lock of judging: a window that is being judged meanwhile must not write the old states back.</summary>
    public async Task<bool> AcknowledgeAsync(string actor, string key, Acknowledgement acknowledgement, CancellationToken cancel)
    {
        foreach (var (model, states) in await store.AlertStatesAsync(cancel))
        {
            if (!states.Alerts.ContainsKey(key)) continue;
            while (true)
            {
                using var transaction = store.Begin();
                if (transaction.TryLockJudging())
                {
                    var now = transaction.AlertStates(model);
                    if (!now.Alerts.ContainsKey(key)) return false;
                    transaction.SaveAlerts(model, new Judgement { States = now.Acknowledge(key, acknowledgement) });
                    transaction.Audit(new AuditEvent(time.GetUtcNow(), actor, "alert.ack", key, JudgeAudit.Json(json =>
                    {
                        json.WriteString("author", acknowledgement.Author);
                        json.WriteString("reason", acknowledgement.Reason);
                        if (acknowledgement.Until is { } until) json.WriteString("until", until.UtcDateTime);
                    })));
                    transaction.Commit();
                    return true;
                }
                // Another worker judges; that takes milliseconds.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancel);
            }
        }
        return false;
    }

    public async Task<Silence?> SilenceAsync(string actor, Silence silence, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var all = await store.SilencesAsync(cancel);
        if (all.Count(s => s.Ends > now) >= MostSilences) return null;
        silence = silence with { Id = $"{Guid.NewGuid():N}" };
        using var transaction = store.Begin();
        foreach (var old in all.Where(s => s.Ends + kept < now)) transaction.RemoveSilence(old.Id);
        transaction.SaveSilence(silence);
        transaction.Audit(new AuditEvent(now, actor, "silence.create", silence.Id, System.Text.Encoding.UTF8.GetString(SilenceFormat.Write(silence))));
        transaction.Commit();
        return silence;
    }

    public Task<bool> UnsilenceAsync(string actor, string id, CancellationToken cancel)
    {
        using var transaction = store.Begin();
        if (!transaction.RemoveSilence(id)) return Task.FromResult(false);
        transaction.Audit(new AuditEvent(time.GetUtcNow(), actor, "silence.delete", id));
        transaction.Commit();
        return Task.FromResult(true);
    }
}
