using Drift.Tests;
using Drift.Worker.Commands;

namespace Drift.Worker.Tests.Commands;

public sealed class ProfileCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    string Data(int rows = 3000) => folder.File("data.csv", "id,ts,amount,country,open,score\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
        $"{i + 100},2026-01-{1 + i * 28 / rows:00}T{i % 24:00}:00:00Z,{(i * 7919 % 1009) / 10.0},{"DE FR US".Split(' ')[i % 3]},{(i % 11 == 0 ? "" : $"w{i * 31 % 977}")},{i % 100 / 100.0}\n")));

    [Fact]
    public async Task A_profile_is_written_and_every_column_accounted_for()
    {
        var run = await Run.Of("profile", Data(), "--out", folder["r.json"], "--schema-out", folder["s.json"], "--score", "score", "--model", "fraud", "--model-version", "3");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var profile = ProfileFormat.Read(File.ReadAllBytes(folder["r.json"]));
        Assert.Equal(("fraud", "3", 3000L), (profile.Model, profile.ModelVersion, profile.Rows));
        Assert.Equal(["amount", "country", "open", "score"], profile.Columns.Select(c => c.Name));
        Assert.Equal(ColumnRole.Score, profile.Find("score")!.Spec.Role);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), profile.Start);
        Assert.Equal([("id", ColumnRole.Ignore), ("ts", ColumnRole.Time)], LeftOut.Read(profile).Select(c => (c.Key, c.Value)));
        var schema = SchemaFormat.Read(File.ReadAllBytes(folder["s.json"]));
        Assert.Equal([ColumnRole.Ignore, ColumnRole.Time, ColumnRole.Feature, ColumnRole.Feature, ColumnRole.Feature, ColumnRole.Score], schema.Columns.Select(c => c.Role));
        foreach (var name in schema.Columns.Select(c => c.Name)) Assert.Contains("\n" + name + " ", run.Out, StringComparison.Ordinal);
        Assert.Contains("left out: looks like an id", run.Out, StringComparison.Ordinal);
        Assert.Contains("Recommended window: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_was_written_gives_the_same_profile()
    {
        await Run.Of("profile", Data(), "--out", folder["r.json"], "--schema-out", folder["s.json"], "--ts", "ts", "--score", "score");
        var run = await Run.Of("profile", Data(), "--out", folder["again.json"], "--schema", folder["s.json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(File.ReadAllText(folder["r.json"]), File.ReadAllText(folder["again.json"]));
    }

    [Fact]
    public async Task The_same_flags_say_what_columns_are()
    {
        var run = await Run.Of("profile", Data(), "--out", folder["r.json"], "--columns", "id,amount", "--segment", "country", "--ts", "ts");
        Assert.Equal(0, run.Code);
        var profile = ProfileFormat.Read(File.ReadAllBytes(folder["r.json"]));
        Assert.Equal(["id", "amount", "country"], profile.Columns.Select(c => c.Name));
        Assert.Equal(ColumnRole.Segment, profile.Find("country")!.Spec.Role);
    }

    [Fact]
    public async Task Bins_and_binning_are_obeyed()
    {
        await Run.Of("profile", Data(), "--out", folder["r.json"], "--bins", "7", "--binning", "uniform");
        var edges = ProfileFormat.Read(File.ReadAllBytes(folder["r.json"])).Find("amount")!.Histogram!.Binning.Edges.ToArray();
        Assert.Equal(8, edges.Length);
        Assert.Equal(edges[1] - edges[0], edges[7] - edges[6], 9);
    }

    [Theory]
    [InlineData("nothing to write", "DATA")]
    [InlineData("whole number", "DATA", "--out", "R", "--bins", "many")]
    [InlineData("--bins 1:", "DATA", "--out", "R", "--bins", "1")]
    [InlineData("--binning odd: one of", "DATA", "--out", "R", "--binning", "odd")]
    [InlineData("has no column 'nope'", "DATA", "--out", "R", "--ts", "nope")]
    [InlineData("cannot be both time and id", "DATA", "--out", "R", "--ts", "ts", "--id", "ts")]
    [InlineData("in --columns and in --ignore", "DATA", "--out", "R", "--columns", "amount", "--ignore", "amount")]
    [InlineData("not a readable schema", "DATA", "--out", "R", "--schema", "DATA")]
    [InlineData("no such file", "none.csv", "--out", "R")]
    public async Task What_is_wrong_is_said_in_one_line(string expected, params string[] args)
    {
        var data = Data(50);
        var run = await Run.Of(["profile", .. args.Select(a => a switch { "DATA" => data, "R" => folder["r.json"], _ => a })]);
        Assert.Contains(expected, run.TheOneLine(), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["r.json"]));
    }

    [Theory]
    [InlineData("a,b\n", "has no rows")]
    [InlineData("id\n1\n2\n3\n", "no column is left to profile")]
    public async Task A_file_that_gives_no_profile_is_refused(string text, string expected) =>
        Assert.Contains(expected, (await Run.Of("profile", folder.File("x.csv", text), "--out", folder["r.json"])).TheOneLine(), StringComparison.Ordinal);

    [Fact]
    public async Task Names_from_a_file_cannot_steer_the_terminal()
    {
        var run = await Run.Of("profile", folder.File("x.csv", "\u001b[31mred,b\n1.5,1\n2.5,1\n0.5,2\n"), "--out", folder["r.json"]);
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Real_data_make_a_reference()
    {
        var run = await Run.Of("profile", TestData.Path("datasets/car_loan_reference.csv.gz"), "--out", folder["r.json"], "--id", "id", "--ts", "timestamp", "--score", "y_pred_proba", "--prediction", "y_pred", "--truth", "repaid");
        Assert.Equal(0, run.Code);
        var profile = ProfileFormat.Read(File.ReadAllBytes(folder["r.json"]));
        Assert.Equal(10, profile.Columns.Count);
        Assert.Contains("Recommended window: one week", run.Out, StringComparison.Ordinal);
    }
}
