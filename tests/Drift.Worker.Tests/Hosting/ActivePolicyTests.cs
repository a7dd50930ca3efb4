using Drift.Alerts;
using Drift.Worker.Hosting;
using Drift.Worker.Tests.House;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drift.Worker.Tests.Hosting;

public sealed class ActivePolicyTests : IDisposable
{
    readonly ScratchFolder folder = new();
    readonly WorkerHealth health = new(TimeProvider.System);
    readonly ChannelHttp http = new();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    static string Policy(double above) => """
        {"rules":{"drift":{"measure":"psi","above":ABOVE,"severity":"warning"}},
         "routes":[{"severity":["warning"],"channels":["here"]}],"channels":{"here":{"kind":"console"}}}
        """.Replace("ABOVE", above.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    ActivePolicy Open(string path) => new(path, null, new ChannelServices { Http = http, Time = TimeProvider.System, Console = TextWriter.Null }, health, TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task A_good_change_takes_effect_and_a_bad_one_leaves_the_last_good_in_force()
    {
        var path = folder.Write("policy.json", Policy(0.1));
        var policy = Open(path);
        using var stop = new CancellationTokenSource();
        var looking = policy.RunAsync(TimeSpan.FromSeconds(1), stop.Token);
        var first = policy.Current.Hash;
        Assert.NotNull(policy.Channel("here"));

        File.WriteAllText(path, Policy(0.3));
        await Eventually.BeAsync("the new policy is in force", () => policy.Current.Hash != first);
        var second = policy.Current.Hash;
        Assert.True(health.IsReady);

        File.WriteAllText(path, Policy(0.3)[..40]);
        await Eventually.BeAsync("the torn one is refused", () => !health.IsReady);
        Assert.Equal(second, policy.Current.Hash);
        Assert.Contains(second, health.Problems["policy"]);

        File.WriteAllText(path, Policy(0.1));
        await Eventually.BeAsync("the first is in force again", () => health.IsReady && policy.Current.Hash == first);
        await stop.CancelAsync();
        await looking;
    }

    [Fact]
    public void A_wrong_policy_at_the_start_is_bad_input()
    {
        var path = folder.Write("policy.json", """{"rules":{"drift":{"measure":"psi","abvoe":1}}}""");
        Assert.Contains("abvoe", Assert.Throws<InputException>(() => Open(path)).Message);
    }

    [Fact]
    public void Without_a_file_the_built_in_policy_is_in_force()
    {
        var policy = new ActivePolicy(null, null, new ChannelServices { Http = http, Time = TimeProvider.System, Console = TextWriter.Null }, health, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(Alerts.Policy.Default.Hash, policy.Current.Hash);
        Assert.True(policy.RunAsync(TimeSpan.FromSeconds(1), CancellationToken.None).IsCompleted);
    }
}
