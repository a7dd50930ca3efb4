using System.Text.RegularExpressions;
using Drift.Tests;

namespace Drift.Worker.Tests.House;

/// <summary>What the pages for people say exists: files, commands, flags, metrics and pages.</summary>
public sealed partial class DocsTests
{
    public static TheoryData<string> Pages() => ["README.md", "samples/README.md", "docs/runbook.md", "docs/security.md", "src/Drift.Core/README.md", "src/Drift.Core.Arrow/README.md", "src/Drift.Alerts/README.md", "src/Drift.Worker/README.md"];

    static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?:^|`)drift ([a-z]+)([^`\n#]*)", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"drift_[a-z_]+")]
    private static partial Regex Metrics();

    [GeneratedRegex(@"`(/[a-z][a-z0-9/]*)`")]
    private static partial Regex Paths();

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files(string page)
    {
        foreach (Match link in Links().Matches(Read(page))) Assert.True(Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link.Groups[1].Value)), $"{page}: {link.Value}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Commands_and_their_flags_are_known(string page)
    {
        var known = (await Tests.Commands.Run.Of("--help")).Out;
        foreach (Match said in Commands().Matches(Read(page)))
        {
            var verb = said.Groups[1].Value;
            Assert.Matches($@"(?m)^\s+{verb}\b", known);
            var help = (await Tests.Commands.Run.Of(verb, "--help")).Out;
            foreach (var flag in said.Groups[2].Value.Split(' ').Where(w => w.StartsWith("--", StringComparison.Ordinal)))
                Assert.True(help.Contains(flag, StringComparison.Ordinal) || verb is "policy" or "audit", $"{page}: drift {verb} {flag}");
        }
    }

    [Fact]
    public async Task Metrics_and_pages_of_the_runbook_are_there()
    {
        await using var web = await Web.WebFixture.StartAsync();
        // Some are there only after something was measured.
        var metrics = (await web.GetAsync("/metrics")).Body + Read("src/Drift.Worker/Hosting/WorkerMetrics.cs");
        foreach (var page in (string[])["docs/runbook.md", "docs/security.md"])
        {
            foreach (Match name in Metrics().Matches(Read(page))) Assert.Contains(name.Value, metrics, StringComparison.Ordinal);
            foreach (Match path in Paths().Matches(Read(page))) Assert.Equal(200, (await web.GetAsync(path.Groups[1].Value)).Status);
        }
    }
}
