using Drift.Worker.Configuration;
using Drift.Worker.References;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Hosting;

/// <summary>
/// The models that are watched. The configuration and every reference in it are looked at again and again: what is right as a whole takes effect with the
/// next commit, what is wrong never does, and the health tells. Everything but the models needs a restart.
/// </summary>
sealed class ActiveModels(DriftConfig config, WatchedModels models, Func<DriftConfig>? reread, WorkerHealth health, TimeProvider time, ILogger log)
{
    static readonly TimeSpan look = TimeSpan.FromSeconds(1);

    volatile WatchedModels current = models;
    DriftConfig config = config;
    string seen = Stamp(config);

    public WatchedModels Current => current;

    /// <summary>Looks at the files until cancelled; returns at once where there is nothing to look at.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (reread is not null && !stop.IsCancellationRequested)
        {
            await Task.Delay(look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested) Look();
        }
    }

    internal void Look()
    {
        try
        {
            var next = reread!();
            var stamp = Stamp(next);
            if (stamp != seen || !Same(next.Models, config.Models))
            {
                current = WatchedModels.Load(next);
                (seen, config) = (stamp, config with { Models = next.Models });
                log.LogInformation("the models are now {Models}", string.Join(", ", current.All.Select(m => $"{m.Name} by reference {m.ReferenceId}")));
            }
            if (Fixed(next) == Fixed(config)) health.Good("configuration");
            else Bad("what has changed besides Models takes effect with a restart");
        }
        catch (InputException e)
        {
            Bad($"{e.Message}; the models stay as they were");
        }
    }

    void Bad(string why)
    {
        if (health.Problems.GetValueOrDefault("configuration") != why) log.LogWarning("the configuration is not taken: {Why}", why);
        health.Bad("configuration", why);
    }

    /// <summary>When the references were written and how long they are: a changed one is read again.</summary>
    static string Stamp(DriftConfig config) => string.Join('\n', config.Models.Values.Select(m => m.Reference).Distinct(StringComparer.Ordinal).Select(path => new FileInfo(path))
        .Select(file => file.Exists ? $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}" : $"{file.FullName} -"));

    static bool Same(IReadOnlyDictionary<string, ModelConfig> a, IReadOnlyDictionary<string, ModelConfig> b) => Text(a) == Text(b);

    static string Text(object part) => System.Text.Json.JsonSerializer.Serialize(part);

    /// <summary>What cannot change while running; only compared, never shown.</summary>
    static string Fixed(DriftConfig config) => Text(config with { Models = new Dictionary<string, ModelConfig>() });
}
