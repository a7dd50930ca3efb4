using System.IO.Compression;
using System.Text.Json;
using Drift.Tests;

namespace Drift.Worker.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Rows from a seed: amount moves by <paramref name="shift"/>, the rest does not.</summary>
    string Data(string name, int seed, double shift = 0, int rows = 3000, string header = "id,ts,amount,country,flag\n", Func<int, string, string>? change = null)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, rows).Select(i =>
        {
            var line = $"{seed * 10_000 + i},2026-01-01T00:{i % 60:00}:00Z,{Math.Round(random.NextDouble() + random.NextDouble() + shift, 4)},{"DE FR US IT".Split(' ')[random.Next(4)]},{random.Next(3) == 0}";
            return change is null ? line : change(i, line);
        });
        return folder.File(name, header + string.Join('\n', lines) + "\n");
    }

    static List<JsonElement> Readings(Run run)
    {
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Out);
        return [.. document.RootElement.GetProperty("readings").EnumerateArray().Select(r => r.Clone())];
    }

    static IEnumerable<string> Moved(IEnumerable<JsonElement> readings) =>
        readings.Where(r => r.GetProperty("verdict").GetString() is "warning" or "critical").Select(r => r.GetProperty("column").GetString()!).Distinct();

    async Task<string> Profile(string data)
    {
        Assert.Equal(0, (await Run.Of("profile", data, "--out", folder["r.json"])).Code);
        return folder["r.json"];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_moved_is_named_whether_the_reference_is_a_profile_or_data(bool profile)
    {
        var before = Data("before.csv", 1);
        var reference = profile ? await Profile(before) : before;
        Assert.Empty(Moved(Readings(await Run.Of("compare", "--reference", reference, "--current", Data("same.csv", 2), "--format", "json"))));
        var moved = Readings(await Run.Of("compare", "--reference", reference, "--current", Data("moved.csv", 3, shift: .3), "--format", "json"));
        Assert.Equal(["amount"], Moved(moved));
        Assert.DoesNotContain(moved, r => r.GetProperty("column").GetString() is "id" or "ts");
        var table = await Run.Of("compare", "--reference", reference, "--current", folder["moved.csv"]);
        Assert.Equal(0, table.Code);
        Assert.StartsWith("1 column moved", table.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_column_that_only_one_side_has_is_one_violation_not_nulls(bool profile)
    {
        var before = Data("before.csv", 1);
        var reference = profile ? await Profile(before) : before;
        var current = Data("now.csv", 2, header: "id,ts,amount,land,flag\n");
        var readings = Readings(await Run.Of("compare", "--reference", reference, "--current", current, "--format", "json"));
        Assert.Equal(["country", "land"], Moved(readings).Order());
        Assert.All(readings.Where(r => r.GetProperty("column").GetString() is "country" or "land"), r => Assert.Equal("violation_rate", r.GetProperty("measure").GetString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Text_among_numbers_is_a_violation(bool profile)
    {
        var before = Data("before.csv", 1);
        var reference = profile ? await Profile(before) : before;
        var current = Data("now.csv", 2, change: (i, line) => i % 20 == 0 ? string.Join(',', line.Split(',').Select((f, c) => c == 2 ? "n/a" : f)) : line);
        var readings = Readings(await Run.Of("compare", "--reference", reference, "--current", current, "--format", "json"));
        var violations = readings.Single(r => r.GetProperty("column").GetString() == "amount" && r.GetProperty("measure").GetString() == "violation_rate");
        Assert.Equal(.05, violations.GetProperty("value").GetDouble(), 12);
        Assert.Equal(["amount"], Moved(readings));
    }

    [Fact]
    public async Task Measures_and_columns_can_be_named_and_the_result_can_go_to_a_file()
    {
        var run = await Run.Of("compare", "--reference", Data("a.csv", 1), "--current", Data("b.csv", 2), "--measures", "psi,wasserstein", "--columns", "amount,country", "--format", "json", "--out", folder["out.json"]);
        Assert.Equal((0, "", ""), (run.Code, run.Out, run.Error));
        using var document = JsonDocument.Parse(File.ReadAllBytes(folder["out.json"]));
        Assert.Equal(["psi", "wasserstein"], document.RootElement.GetProperty("readings").EnumerateArray().Select(r => r.GetProperty("measure").GetString()).Distinct().Order());
        Assert.Equal(["amount", "country"], document.RootElement.GetProperty("readings").EnumerateArray().Select(r => r.GetProperty("column").GetString()).Distinct());
    }

    [Theory]
    [InlineData("'nonsense' is not a measure", "--measures", "psi,nonsense")]
    [InlineData("neither side has a column 'nonsense'", "--columns", "nonsense")]
    [InlineData("--recipe odd", "--recipe", "odd")]
    [InlineData("--format odd", "--format", "odd")]
    [InlineData("--bins 0", "--bins", "0")]
    public async Task What_is_wrong_is_said_in_one_line(string expected, params string[] more)
    {
        var run = await Run.Of(["compare", "--reference", Data("a.csv", 1, rows: 50), "--current", Data("b.csv", 2, rows: 50), .. more]);
        Assert.Contains(expected, run.TheOneLine(), StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("the cells of the profile", "r.json", "--bins", "5")]
    [InlineData("the cells of the profile", "r.json", "--binning", "uniform")]
    [InlineData("--bins has no meaning with --recipe evidently", "a.csv", "--bins", "5", "--recipe", "evidently")]
    [InlineData("--null-cell has no meaning with --recipe nannyml", "a.csv", "--null-cell", "--recipe", "nannyml")]
    public async Task What_would_have_no_effect_is_refused(string expected, string reference, params string[] more)
    {
        await Profile(Data("a.csv", 1, rows: 50));
        Assert.Contains(expected, (await Run.Of(["compare", "--reference", folder[reference], "--current", folder["a.csv"], .. more])).TheOneLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("r.json")]
    public async Task A_pipe_is_read_once_however_often_it_is_looked_at(string reference)
    {
        if (OperatingSystem.IsWindows()) return;
        await Profile(Data("a.csv", 1));
        Data("b.csv", 2, shift: .3);
        var pipe = folder["pipe"];
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe)) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var writing = Task.Run(() => File.WriteAllBytes(pipe, File.ReadAllBytes(folder["b.csv"])), TestContext.Current.CancellationToken);
        var piped = await Run.Of("check", "--reference", folder[reference], "--current", pipe, "--format", "json");
        await writing;
        Assert.Equal(1, piped.Code);
        Assert.Equal((await Run.Of("check", "--reference", folder[reference], "--current", folder["b.csv"], "--format", "json")).Out, piped.Out);
    }

    [Theory]
    [InlineData("{\"format\":\"drift-profile\",\"version\":2,\"rows\":1,\"columns\":[]}")]
    [InlineData("{\"format\":\"drift-profile\",\"version\":1,\"rows\":1,\"colums\":[]}")]
    [InlineData("{\"format\":\"drift-profile\"")]
    [InlineData("[]")]
    public async Task A_profile_that_cannot_be_read_is_named(string text)
    {
        var run = await Run.Of("compare", "--reference", folder.File("r.json", text), "--current", Data("b.csv", 2, rows: 50));
        Assert.Contains("r.json: not a readable profile: ", run.TheOneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_no_current_side_of_rows_but_other_json_is_data()
    {
        var rows = Data("a.csv", 1, rows: 50);
        Assert.Contains("r.json: is a profile, but", (await Run.Of("compare", "--reference", rows, "--current", await Profile(rows))).TheOneLine(), StringComparison.Ordinal);
        var one = folder.File("one.json", "{\"amount\":1,\"country\":\"DE\",\"flag\":true}");
        foreach (var reference in (string[])[rows, folder["r.json"]])
            Assert.NotEmpty(Readings(await Run.Of("compare", "--reference", reference, "--current", one, "--format", "json")));
    }

    [Fact]
    public async Task What_a_reference_left_out_by_itself_is_said()
    {
        string[] sides = ["--reference", Data("a.csv", 1), "--current", Data("b.csv", 2)];
        const string Line = "left out: id (looks like an id: whole numbers that only ascend); ts (ISO times, taken as the time of the row)\n";
        Assert.EndsWith(Line, (await Run.Of(["compare", .. sides])).Out, StringComparison.Ordinal);
        Assert.Contains(Line, (await Run.Of(["check", .. sides])).Out, StringComparison.Ordinal);
        Assert.Contains("left out: id", (await Run.Of(["compare", .. sides, "--format", "markdown"])).Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse((await Run.Of(["compare", .. sides, "--format", "json"])).Out);
        Assert.Equal("looks like an id: whole numbers that only ascend", document.RootElement.GetProperty("reference").GetProperty("left_out").GetProperty("id").GetString());
        // Who names the columns, or says what they are, knows it already.
        foreach (var said in (string[][])[["--columns", "amount"], ["--ignore", "id", "--ts", "ts"]])
            Assert.DoesNotContain("left out", (await Run.Of(["compare", .. sides, .. said])).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_constant_that_begins_to_move_is_seen()
    {
        string[] lines;
        using (var file = new StreamReader(new GZipStream(File.OpenRead(TestData.Path("datasets/elec2.csv.gz")), CompressionMode.Decompress)))
            lines = (await file.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var before = folder.File("before.csv", string.Join('\n', lines[..17_425]));
        var after = folder.File("after.csv", string.Join('\n', (string[])[lines[0], .. lines[17_425..]]));
        foreach (var reference in (string[])[before, await Profile(before)])
        {
            var moved = Moved(Readings(await Run.Of("compare", "--reference", reference, "--current", after, "--format", "json"))).ToList();
            Assert.Superset(new HashSet<string> { "vicprice", "vicdemand", "transfer" }, moved.ToHashSet());
        }
    }
}
