using System.Text.Json;

namespace Drift.Worker.Tests.Commands;

public sealed class DetectCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    string Data() => folder.File("d.csv", "i,error\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i},{(i % 500 == 77 ? "" : i < 2000 ? (i % 10 == 0 ? 1 : 0) : (i % 2))}\n")));

    [Fact]
    public async Task Rows_are_listed_with_their_kind_and_an_empty_cell_keeps_its_index()
    {
        var run = await Run.Of("detect", Data(), "--column", "error", "--detector", "adwin");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Out);
        var drifts = document.RootElement.EnumerateArray().Where(p => p.GetProperty("kind").GetString() == "drift").Select(p => p.GetProperty("index").GetInt32()).ToList();
        Assert.NotEmpty(drifts);
        Assert.InRange(drifts[0], 2000, 2300);
    }

    [Fact]
    public async Task Parameters_reach_the_detector()
    {
        Assert.Equal("[]", (await Run.Of("detect", Data(), "--column", "error", "--detector", "page_hinkley", "--param", "threshold=100000", "--param", "delta=0.1")).Out.Trim());
        Assert.NotEqual("[]", (await Run.Of("detect", Data(), "--column", "error", "--detector", "page_hinkley", "--param", "threshold=20")).Out.Trim());
    }

    [Theory]
    [InlineData("no detector 'odd'", "--column", "error", "--detector", "odd")]
    [InlineData("nonsense", "--column", "error", "--detector", "adwin", "--param", "nonsense=1")]
    [InlineData("--param delta", "--column", "error", "--detector", "adwin", "--param", "delta")]
    [InlineData("has no column 'odd'; it has i, error", "--column", "odd", "--detector", "adwin")]
    [InlineData("--column", "--detector", "adwin")]
    public async Task What_is_wrong_is_said_in_one_line(string expected, params string[] args) =>
        Assert.Contains(expected, (await Run.Of(["detect", Data(), .. args])).TheOneLine(), StringComparison.Ordinal);
}
