using Drift.Alerts;

namespace Drift.Worker.Tests.Commands;

public sealed class PolicyCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_built_in_policy_can_be_shown_saved_and_checked()
    {
        var shown = await Run.Of("policy", "show", "--default");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        var path = folder.File("p.json", shown.Out);
        var check = await Run.Of("policy", "check", path);
        Assert.Equal((0, ""), (check.Code, check.Error));
        Assert.Contains($"hash {Policy.Default.Hash}", check.Out, StringComparison.Ordinal);
        var canonical = folder.File("q.json", (await Run.Of("policy", "show", path)).Out);
        Assert.Contains($"hash {Policy.Default.Hash}", (await Run.Of("policy", "check", canonical)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_wrong_is_listed_at_once_and_joined_in_one_line()
    {
        var path = folder.File("p.json", """{"rules":{"a":{"measure":"psix","above":"x"},"b":{"measure":"psi","above":0.1,"for":"5 of 2"}}}""");
        var run = await Run.Of("policy", "check", path);
        var line = run.TheOneLine();
        Assert.StartsWith($"drift: {path}: $.rules.a.", line, StringComparison.Ordinal);
        foreach (var place in (string[])["$.rules.a.measure", "$.rules.a.above", "$.rules.b.for"])
        {
            Assert.Contains(place, line, StringComparison.Ordinal);
            Assert.Contains("error: " + place, run.Out, StringComparison.Ordinal);
        }
        Assert.Contains("; ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("policy", "show")]
    [InlineData("policy", "check")]
    [InlineData("policy", "show", "--default", "p.json")]
    [InlineData("policy", "check", "none.json")]
    public async Task Bad_usage_is_exit_code_2(params string[] args) => (await Run.Of(args)).TheOneLine();
}
