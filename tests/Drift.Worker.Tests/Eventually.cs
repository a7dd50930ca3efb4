using System.Diagnostics;

namespace Drift.Worker.Tests;

/// <summary>Waiting for what is sure to come, however slow the machine is.</summary>
static class Eventually
{
    /// <summary>So long that only what never comes is missed: nothing is said about speed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Waits until something is so; the message says what was hoped for.</summary>
    public static async Task BeAsync(string hope, Func<Task<bool>> isSo, Func<string>? why = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (watch.Elapsed > Patience) Assert.Fail($"not within {Patience}: {hope}\n{why?.Invoke()}");
            await Task.Delay(40, TestContext.Current.CancellationToken);
        }
    }

    public static Task BeAsync(string hope, Func<bool> isSo, Func<string>? why = null) => BeAsync(hope, () => Task.FromResult(isSo()), why);
}
