using Drift.Alerts;

namespace Drift.Worker.Hosting;

/// <summary>A channel with the failpoints before and after its sending.</summary>
sealed class FailpointChannel(IAlertChannel inner) : IAlertChannel
{
    public string Name => inner.Name;

    public async Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        Failpoint.Hit("before_send");
        await inner.SendAsync(notice, cancellation);
        Failpoint.Hit("after_send");
    }
}
