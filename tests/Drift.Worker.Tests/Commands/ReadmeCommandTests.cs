using System.Text;
using System.Text.RegularExpressions;
using Drift.Tests;
using Drift.Worker.Commands;
using Drift.Worker.Configuration;
using Drift.Worker.Sources;

namespace Drift.Worker.Tests.Commands;

/// <summary>The README's command lines and documents do what they say: every line of a <c>sh</c> block runs, every <c>json</c> block is read by what reads it.</summary>
public sealed partial class ReadmeCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    static IEnumerable<string> Blocks(string language) =>
        Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    string Data(string name, int seed, double shift)
    {
        var random = new Random(seed);
        return folder.File(name, "id,ts,amount,country,score\n" + string.Concat(Enumerable.Range(0, 3000).Select(i =>
            $"r-{i},2026-01-{1 + i / 150:00}T00:{i % 60:00}:00Z,{50 * Math.Exp(random.NextDouble() + shift):F2},{(random.Next(3) == 0 ? "FR" : "DE")},{random.NextDouble():F3}\n")));
    }

    [Fact]
    public async Task Every_command_line_runs()
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("predictions", 2);
        Data("training.csv", 1, 0);
        Data("today.csv", 2, .4);
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        folder.File("drift.json", Blocks("json").First()
            .Replace("localhost:9092", broker.BootstrapServers, StringComparison.Ordinal)
            .Replace("\"Store\":", $"\"Web\": {{ \"Url\": \"{url}\" }}, \"Store\":", StringComparison.Ordinal)
            .Replace("drift.db", folder["drift.db"].Replace("\\", "\\\\", StringComparison.Ordinal), StringComparison.Ordinal));
        var lines = Blocks("sh").SelectMany(b => b.Split('\n')).Where(l => l.Length > 0).ToList();
        Assert.True(lines.Count >= 6);
        foreach (var line in lines)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("drift", words[0]);
            var args = words[1..].Select(w => Path.HasExtension(w) && !w.Contains(':') ? folder[w] : w.Replace("localhost:9092", broker.BootstrapServers, StringComparison.Ordinal)).ToArray();
            if (args[0] == "run") await RunsUntilStopped(args, url);
            else
            {
                var run = await Run.Of(args);
                Assert.True(run.Code == (args[0] == "check" ? 1 : 0), line + "\n" + run.Error);
                Assert.Equal("", run.Error);
            }
        }
        Assert.True(File.Exists(folder["today.html"]));
    }

    static async Task RunsUntilStopped(string[] args, string url)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var error = new StringWriter();
        using var output = new StringWriter();
        var running = DriftCommand.RunAsync(args, new Cli(output, error, TimeProvider.System) { Cancel = stop.Token });
        using var client = new HttpClient();
        var state = "";
        await Eventually.BeAsync("the models are listed", async () =>
        {
            try { state = await client.GetStringAsync(new Uri(url + "/api/v1/models"), stop.Token); }
            catch (HttpRequestException) { }
            return running.IsCompleted || state.Contains("\"windows\":", StringComparison.Ordinal);
        });
        await stop.CancelAsync();
        Assert.Equal((0, ""), (await running, error.ToString()));
        Assert.Contains("\"model\":\"fraud\"", state, StringComparison.Ordinal);
        Assert.Contains("\"windows\":", state, StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_and_the_configuration_are_read()
    {
        var blocks = Blocks("json").ToList();
        Assert.Equal(2, blocks.Count);
        folder.File("fraud.json", "");
        var config = ConfigReader.ReadFile(folder.File("drift.json", blocks[0]));
        Assert.Equal(["fraud"], config.Models.Keys);
        var layouts = new RecordLayouts([new RecordLayout("fraud", [ColumnSpec.Numeric("amount"), ColumnSpec.Categorical("country"), ColumnSpec.Numeric("score", ColumnRole.Score)])]);
        var reader = new RecordReader(layouts, new RecordLimits());
        Assert.Equal(RecordOutcome.Ok, reader.Read(Encoding.UTF8.GetBytes(blocks[1].Trim()), DateTimeOffset.UtcNow.UtcTicks));
    }
}
