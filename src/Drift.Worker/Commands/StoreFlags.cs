using System.CommandLine;
using System.Globalization;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Stores;

namespace Drift.Worker.Commands;

/// <summary>The flags of commands that read what a worker has stored.</summary>
sealed class StoreFlags
{
    readonly Option<string> config = new("--config") { Description = "The worker's configuration.", HelpName = "drift.json", DefaultValueFactory = _ => "drift.json" };
    readonly Option<string?> model = new("--model") { Description = "Only this model.", HelpName = "M" };

    public StoreFlags(Command command)
    {
        command.Add(config);
        command.Add(model);
    }

    public DriftConfig Config(ParseResult given) => ConfigReader.ReadFile(given.GetRequiredValue(config));

    public string? Model(ParseResult given) => given.GetValue(model);

    /// <summary>Opens the store that the configuration names; a store that is not there is bad input, not an empty one.</summary>
    public static IDriftStore Open(DriftConfig config)
    {
        if (config.Store.Postgres is null && !File.Exists(config.Store.Sqlite)) throw new InputException($"Drift.Store.Sqlite: {config.Store.Sqlite}: there is no such file; a worker makes it when it runs");
        var store = DriftWorker.OpenStore(config.Store);
        store.Open();
        return store;
    }

    public static Option<string> Since(string usual) => new("--since") { Description = "How far back: 30d, 12h, 90m.", HelpName = "30d", DefaultValueFactory = _ => usual };

    public static TimeSpan Span(string text)
    {
        if (text.Length >= 2 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1e6)
        {
            if (text[^1] == 'd') return TimeSpan.FromDays(count);
            if (text[^1] == 'h') return TimeSpan.FromHours(count);
            if (text[^1] == 'm') return TimeSpan.FromMinutes(count);
        }
        throw new UsageException($"--since {text}: a number of days, hours or minutes such as 30d, 12h, 90m");
    }

    public static DateTimeOffset Instant(string flag, string text) =>
        EventTime.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var ticks) ? EventTime.ToInstant(ticks) : throw new UsageException($"{flag} {text}: an ISO 8601 time such as 2026-11-20T00:00:00Z");
}
