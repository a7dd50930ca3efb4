using System.CommandLine;
using System.Text.Json;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Web.Api;

namespace Drift.Worker.Commands;

/// <summary><c>drift replay</c>: what the worker would have made of a log.</summary>
static class ReplayCommand
{
    public static Command Create(Cli cli)
    {
        var files = new Argument<string[]>("FILE") { Description = "Prediction logs: .jsonl (one message per line) or .json (one message); also .gz. Each is one partition.", Arity = ArgumentArity.OneOrMore };
        var config = new Option<string>("--config") { Description = "The configuration.", HelpName = "drift.json", DefaultValueFactory = _ => "drift.json" };
        var format = new Option<string>("--format") { Description = "How the result is printed.", HelpName = "table|json", DefaultValueFactory = _ => "table" };
        var write = new Option<bool>("--write") { Description = "Keep the result in the configured store instead of memory." };
        var command = new Command("replay", "Runs files through the worker's own pipeline; windows close at the end of the input. Never sends alerts.") { files, config, format, write };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(format) is not ("table" or "json")) throw new UsageException($"--format {parsed.GetValue(format)}: one of table, json");
            foreach (var file in parsed.GetRequiredValue(files))
                if (!File.Exists(file)) throw new InputException($"{file}: there is no such file");
            return RunAsync(cli, parsed.GetRequiredValue(files), ConfigReader.ReadFile(parsed.GetRequiredValue(config)), parsed.GetValue(format) == "json", parsed.GetValue(write));
        });
        return command;
    }

    static async Task<int> RunAsync(Cli cli, IReadOnlyList<string> files, DriftConfig config, bool json, bool write)
    {
        using var until = cli.UntilSignal();
        using var store = write ? DriftWorker.OpenStore(config.Store) : new MemoryStore();
        using (var progress = new Progress(cli, "messages"))
        {
            var replay = new Replay(config, PolicyFile.Load(config.Policy), store, cli.Time) { OnProgress = progress.Report };
            try
            {
                replay.Run(files, until.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InputException("interrupted");
            }
            catch (StoreException e)
            {
                throw new InputException($"Drift.Store: {e.Message}", e);
            }
        }
        var result = await ReplayResult.ReadAsync(store, config.Models.Keys, until.Token);
        if (json) cli.Line(Json(result));
        else Table(cli, result);
        return ExitCode.Fine;
    }

    static string Json(ReplayResult result) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("records", result.Sources.Sum(s => s.Records));
        json.WriteNumber("rows", result.Sources.Sum(s => s.Rows));
        json.WriteStartObject("invalid");
        json.WriteNumber("total", result.Invalid.Sum(i => i.Value));
        json.WriteStartObject("reasons");
        foreach (var (reason, count) in result.Invalid) json.WriteNumber(reason, count);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("late", result.Sources.Sum(s => s.Late));
        json.WriteNumber("skipped", result.Sources.Sum(s => s.Skipped.Values.Sum()));
        json.WriteStartArray("windows");
        foreach (var window in result.Windows) WindowsApi.Write(json, window);
        json.WriteEndArray();
        json.WriteStartArray("alerts");
        foreach (var (alert, acknowledged) in result.Alerts) AlertsApi.Write(json, alert, acknowledged, result.History[alert.Key]);
        json.WriteEndArray();
        json.WriteEndObject();
    }, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    static void Table(Cli cli, ReplayResult result)
    {
        var table = new TextTable("model", "version", "start", "rows", "late", "closed by", "worst column", "measure", "value").Right(3, 4, 8);
        foreach (var judged in result.Windows)
        {
            var w = judged.Window;
            var worst = judged.Readings.Where(r => r.Column.Length > 0 && r.Verdict != Verdict.None && double.IsFinite(r.Value)).OrderByDescending(r => r.Verdict).ThenByDescending(r => r.Value).FirstOrDefault();
            table.Row(w.Model, w.Version, $"{w.Start:yyyy-MM-dd HH:mm}", $"{w.Rows:N0}", $"{w.Late:N0}", w.ClosedBy, worst?.Column ?? "", worst?.Measure ?? "", worst is null ? "" : $"{worst.Value:0.###}");
        }
        table.Write(cli);
        var invalid = result.Invalid.Count == 0 ? "" : $" ({string.Join(", ", result.Invalid.Select(i => $"{i.Key} {i.Value:N0}"))})";
        cli.Line($"{result.Sources.Sum(s => s.Records):N0} messages, {result.Sources.Sum(s => s.Rows):N0} rows, {result.Sources.Sum(s => s.Late):N0} late, {result.Invalid.Sum(i => i.Value):N0} invalid{invalid}, {result.Sources.Sum(s => s.Skipped.Values.Sum()):N0} skipped");
        foreach (var (alert, _) in result.Alerts) cli.Line($"{alert.Status.ToString().ToLowerInvariant()}: {alert.Text}");
    }
}
