using System.Diagnostics;
using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Tests.Chaos;
using Drift.Worker.Tests.Web;

namespace Drift.Worker.Tests.Telemetry;

/// <summary>What Prometheus itself makes of /metrics; skipped, loudly, where it is not installed.</summary>
public sealed class PrometheusTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string Program(string name)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{name} is not installed here (package prometheus)");
        return found!;
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_mend()
    {
        var promtool = Program("promtool");
        await using var web = await WebFixture.StartAsync(WebFixture.Filled("a\"b\\c\nd"));
        web.Metrics.Committed(TimeSpan.FromMilliseconds(12));
        web.Metrics.Notice("team", "sent");
        using var process = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync((await web.GetAsync("/metrics")).Body);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync(Cancel) + await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.Equal((0, ""), (process.ExitCode, said.Trim()));
    }

    [Fact]
    public async Task A_real_Prometheus_scrapes_it_and_answers_with_its_numbers()
    {
        var prometheus = Program("prometheus");
        var folder = Directory.CreateTempSubdirectory("drift-prometheus-").FullName;
        await using var web = await WebFixture.StartAsync();
        var port = FreePort.Find();
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs: [ { job_name: drift, static_configs: [ { targets: ['{{web.Server.Address.Authority}}'] } ] } ]
            """, Cancel);
        using var process = Process.Start(new ProcessStartInfo(prometheus, [$"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            // A scrape that came too late on a busy machine takes the numbers away again until the next.
            foreach (var (query, value) in ((string, string)[])[("up{job=\"drift\"}", "1"), ("drift_window_rows{model=\"fraud\",version=\"3\"}", "1000"), ("drift_windows_judged_total{model=\"idle\"}", "0")])
                await Eventually.BeAsync($"{query} is {value}", async () => await Query(client, query) == value);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Cancel);
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<string?> Query(HttpClient client, string query)
    {
        try
        {
            using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), Cancel));
            return document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(r => r.GetProperty("value")[1].GetString()).SingleOrDefault();
        }
        catch (HttpRequestException)
        {
            return null; // it is still starting
        }
    }
}
