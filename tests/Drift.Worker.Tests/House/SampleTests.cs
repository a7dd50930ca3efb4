using System.Text.Json;
using System.Text.RegularExpressions;
using Drift.Tests;
using Drift.Worker.Configuration;
using Drift.Worker.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Drift.Worker.Tests.House;

/// <summary>Every sample is run, read or checked against what it speaks of.</summary>
public sealed partial class SampleTests : IDisposable
{
    const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";
    static readonly string folder = Path.Combine(Repository.Root, "samples");
    readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    public static TheoryData<string> Programs() => [.. Directory.EnumerateFiles(folder, "*.cs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_compiles_and_runs(string name)
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("predictions", 2);
        Environment.SetEnvironmentVariable("DRIFT_SAMPLE_BOOTSTRAP", broker.BootstrapServers);
        // What stands in the file is what runs: only the directives of dotnet run are taken out, and files go to a folder of the test.
        var code = string.Join('\n', File.ReadLines(Path.Combine(folder, name)).Where(l => !l.StartsWith("#:", StringComparison.Ordinal)))
            .Replace("\"drift.html\"", JsonSerializer.Serialize(Path.Combine(scratch.Path, "drift.html")), StringComparison.Ordinal);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var program = CSharpCompilation.Create("sample-" + name, [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(Usings)], references, new(OutputKind.ConsoleApplication));
        using var image = new MemoryStream();
        var result = program.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        var entry = System.Reflection.Assembly.Load(image.ToArray()).EntryPoint!;
        var returned = entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        if (returned is Task running) await running;
    }

    [Fact]
    public void The_list_names_every_sample()
    {
        var list = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Where(n => n != "README.md")) Assert.Contains(entry!, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_is_valid_and_names_every_member_that_its_schema_knows()
    {
        var path = Path.Combine(folder, "worker", "policy.json");
        var check = await Commands.Run.Of("policy", "check", path);
        Assert.Equal((0, ""), (check.Code, check.Error));
        var text = File.ReadAllText(path);
        using var schema = JsonDocument.Parse(Alerts.PolicySchema.Text);
        foreach (var kind in Alerts.ChannelKinds.Names) Assert.Contains($"\"kind\": \"{kind}\"", text, StringComparison.Ordinal);
        foreach (var part in (string[])["rules", "routes", "silences", "maintenance", "inhibit"])
        {
            var shape = schema.RootElement.GetProperty("properties").GetProperty(part);
            shape = part == "rules" ? shape.GetProperty("additionalProperties") : shape.GetProperty("items");
            foreach (var member in shape.GetProperty("properties").EnumerateObject()) Assert.Contains($"\"{member.Name}\":", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_workers_configuration_names_every_option_with_its_default()
    {
        var path = Path.Combine(scratch.Path, "drift.json");
        File.Copy(Path.Combine(folder, "worker", "drift.json"), path);
        var read = ConfigReader.ReadFile(path);
        var text = File.ReadAllText(path);
        foreach (var type in (Type[])[typeof(DriftConfig), typeof(SourceConfig), typeof(ModelConfig), typeof(MovingConfig), typeof(StoreConfig), typeof(WebConfig), typeof(TelemetryConfig), typeof(LimitsConfig)])
            foreach (var option in type.GetProperties().Where(p => p.SetMethod is not null && p.Name != nameof(ModelConfig.Moving))) Assert.Contains($"\"{option.Name}\"", text, StringComparison.Ordinal);
        var model = read.Models["fraud"];
        var fresh = new ModelConfig { Reference = model.Reference };
        foreach (var option in typeof(ModelConfig).GetProperties().Where(p => p.SetMethod is not null)) Assert.Equal((option.Name, Shown(option.GetValue(fresh))), (option.Name, Shown(option.GetValue(model))));
        Assert.Equal(new LimitsConfig(), read.Limits);
        Assert.Equal(new TelemetryConfig(), read.Telemetry);
        Assert.Equal(new WebConfig().Url, read.Web.Url);
        Assert.Equal((new SourceConfig().CommitInterval, new SourceConfig().CommitRecords, new SourceConfig().Group, new SourceConfig().Format, new SourceConfig().TimeUnit), (read.Source.CommitInterval, read.Source.CommitRecords, read.Source.Group, read.Source.Format, read.Source.TimeUnit));
        Assert.Equal(new StoreConfig().Retention, read.Store.Retention);
    }

    static string Shown(object? value) => value is System.Collections.IEnumerable and not string ? JsonSerializer.Serialize(value) : $"{value}";

    [GeneratedRegex(@"drift_[a-z_]+")]
    private static partial Regex MetricName();

    [Fact]
    public async Task The_dashboard_and_the_rules_speak_of_metrics_that_exist()
    {
        var rules = File.ReadAllText(Path.Combine(folder, "grafana", "rules.yml"));
        var dashboard = File.ReadAllText(Path.Combine(folder, "grafana", "dashboard.json"));
        using (var document = JsonDocument.Parse(dashboard)) Assert.NotEmpty(document.RootElement.GetProperty("panels").EnumerateArray());
        await using var web = await Web.WebFixture.StartAsync();
        var (_, _, metrics) = await web.GetAsync("/metrics");
        var exported = metrics.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in MetricName().Matches(rules + dashboard).Select(m => m.Value).Distinct()) Assert.Contains(name, exported);
    }

    [Fact]
    public async Task The_gate_in_ci_uses_flags_that_exist()
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, "ci", "drift-gate.yml")).Where(l => l.Contains("- run: drift ", StringComparison.Ordinal)))
        {
            var words = line[(line.IndexOf("drift ", StringComparison.Ordinal) + 6)..].Split(' ').TakeWhile(w => w != ">>").ToArray();
            var help = (await Commands.Run.Of(words[0], "--help")).Out;
            foreach (var flag in words.Where(w => w.StartsWith("--", StringComparison.Ordinal))) Assert.Contains(flag, help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_configuration_to_deploy_is_one_that_the_worker_takes()
    {
        foreach (var name in (string[])["DRIFT_READER_SHA256", "DRIFT_OPERATOR_SHA256"]) Environment.SetEnvironmentVariable(name, new string('a', 64));
        Environment.SetEnvironmentVariable("DRIFT_STORE", "Host=postgres;Database=drift;Username=drift;Password=x");
        var deploy = Path.Combine(folder, "deploy");
        var config = ConfigReader.ReadFile(Path.Combine(deploy, "config", "drift.json"));
        Assert.Equal(["reader", "operator"], config.Web.Keys.Select(k => k.Role));
        Assert.Equal("Host=postgres;Database=drift;Username=drift;Password=x", config.Store.Postgres);
        foreach (var file in (string[])["compose.yaml", "kubernetes.yaml"])
            foreach (var name in (string[])["DRIFT_READER_SHA256", "DRIFT_OPERATOR_SHA256", "DRIFT_STORE"]) Assert.Contains(name, File.ReadAllText(Path.Combine(deploy, file)), StringComparison.Ordinal);
        // The key of the scrape is the one whose hash the workers know.
        var key = Regex.Match(File.ReadAllText(Path.Combine(deploy, "prometheus.yml")), "credentials: ([^ ]+)").Groups[1].Value;
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))), File.ReadAllText(Path.Combine(deploy, "compose.yaml")), StringComparison.Ordinal);
    }
}
