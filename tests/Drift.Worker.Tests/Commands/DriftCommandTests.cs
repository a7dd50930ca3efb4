using Drift.Worker.Commands;

namespace Drift.Worker.Tests.Commands;

public sealed class DriftCommandTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task Help_and_version_are_fine(string flag)
    {
        var run = await Run.Of(flag);
        Assert.Equal(0, run.Code);
        Assert.NotEqual("", run.Out.Trim());
        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("--nonsense")]
    [InlineData("nonsense", "--more", "nonsense")]
    public async Task Bad_usage_is_exit_code_2_with_one_line_and_no_help(params string[] args)
    {
        var run = await Run.Of(args);
        Assert.StartsWith("drift: ", run.TheOneLine(), StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("drift: Unrecognized command or argument 'nonsense'", "nonsense")]
    [InlineData("drift: Required command was not provided", "policy")]
    public async Task A_word_that_is_no_command_is_the_only_thing_said(string line, params string[] args) => Assert.Equal(line, (await Run.Of(args)).TheOneLine());

    [Fact]
    public void A_message_becomes_one_short_line_that_cannot_steer_the_terminal()
    {
        var line = DriftCommand.OneLine("a\r\n\tb\u001b[31m c\u202e" + new string('x', 5000));
        Assert.StartsWith("a b [31m c x", line, StringComparison.Ordinal);
        Assert.True(line.Length <= 2000);
        Assert.DoesNotContain(line, char.IsControl);
    }
}
