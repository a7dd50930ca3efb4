using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Drift.Worker.Tests.Commands;

/// <summary>Everything of the statistics that the command line reaches: recipes, measures of whole sides, thresholds, paired rows, detectors.</summary>
public sealed class StatisticsCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Rows whose numbers move by <paramref name="shift"/> and whose categories turn.</summary>
    string Data(string name, int seed, double shift = 0, int rows = 1500)
    {
        var random = new Random(seed);
        var text = new StringBuilder("id,ts,x,y,c\n");
        for (var i = 0; i < rows; i++)
        {
            var x = random.NextDouble() + random.NextDouble() + shift;
            text.Append(CultureInfo.InvariantCulture, $"r{i},2026-01-{i * 20 / rows + 1:00}T00:00:00Z,{x:R},{2 * x + random.NextDouble():R},{(random.NextDouble() < 0.5 + shift ? "a" : random.Next(3) == 0 ? "b" : "c")}\n");
        }
        return folder.File(name, text.ToString());
    }

    static JsonElement Document(Run run)
    {
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }

    static JsonElement[] Readings(JsonElement document) => [.. document.GetProperty("readings").EnumerateArray()];

    static string Text(JsonElement reading, string name) => reading.GetProperty(name).GetString()!;

    /// <summary>The default measure of a number and of a category, and what the system says of a clear shift.</summary>
    [Theory]
    [InlineData("evidently", "wasserstein_norm", "js", "warning")]
    [InlineData("nannyml", "js", "js", "warning")]
    [InlineData("azureml", "wasserstein_norm", "js", "warning")]
    [InlineData("deepchecks", "ks", "cramers_v", "warning")]
    [InlineData("deequ", "linf", "linf", "none")]
    [InlineData("tfdv", "js", "linf", "none")]
    [InlineData("scouter", "psi", "psi", "none")]
    [InlineData("frouros", "psi", "chi2", "none")]
    public async Task Every_recipe_gives_its_own_numbers_and_names_itself(string recipe, string number, string category, string verdict)
    {
        string reference = Data("before.csv", 1), current = Data("now.csv", 2, shift: 0.3);
        var document = Document(await Run.Of("compare", "--reference", reference, "--current", current, "--recipe", recipe, "--format", "json"));
        Assert.Equal(recipe, Text(document, "recipe"));
        var readings = Readings(document);
        Assert.Equal([("x", number), ("y", number), ("c", category)], readings.Where(r => Text(r, "column").Length > 0).Select(r => (Text(r, "column"), Text(r, "measure"))));
        Assert.Equal(recipe == "evidently" ? 4 : 3, readings.Length);
        Assert.All(readings, r => Assert.Equal(("ok", recipe), (Text(r, "status"), Text(r.GetProperty("detail"), "recipe"))));
        Assert.Equal(verdict, Text(readings[0], "verdict"));

        var all = Recipes.Recipe.Find(recipe).Measures;
        var named = Readings(Document(await Run.Of("compare", "--reference", reference, "--current", current, "--recipe", recipe, "--measures", string.Join(',', all), "--format", "json")));
        Assert.Equal(all.Order(StringComparer.Ordinal), named.Select(r => Text(r, "measure")).Distinct().Order(StringComparer.Ordinal));
        Assert.All(all.Except(["fisher", "z_test"]), measure => Assert.Contains(named, r => Text(r, "measure") == measure && Text(r, "status") == "ok"));

        var check = await Run.Of("check", "--reference", reference, "--current", current, "--recipe", recipe, "--allow-insufficient", "--format", "json");
        Assert.Contains(check.Code, (int[])[0, 1]);
        Assert.Contains($"\"recipe\":\"{recipe}\"", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_measure_of_a_comparison_can_be_named()
    {
        string[] all = [.. Measure.All.Select(m => m.Name), "rows", "duplicate_rate", "domain_auc", "reconstruction_error"];
        var readings = Readings(Document(await Run.Of("compare", "--reference", Data("a.csv", 1), "--current", Data("b.csv", 2), "--measures", string.Join(',', all), "--format", "json")));
        foreach (var measure in all.Except(["fisher", "z_test"]))
            Assert.True(readings.Any(r => Text(r, "measure") == measure && Text(r, "status") == "ok" && r.GetProperty("value").ValueKind == JsonValueKind.Number), measure);
        Assert.All(readings, r => Assert.NotEqual("failed", Text(r, "status")));
    }

    [Fact]
    public async Task The_default_report_has_every_column_and_its_measures()
    {
        string Wide(string name, int seed) => folder.File(name, string.Join(',', Enumerable.Range(0, 20).Select(c => $"c{c}")) + "\n" + Lines(seed));
        static string Lines(int seed)
        {
            var random = new Random(seed);
            return string.Concat(Enumerable.Range(0, 2000).Select(_ => string.Join(',', Enumerable.Range(0, 20).Select(c => c % 4 == 3 ? "k" + random.Next(5) : random.NextDouble().ToString("R", CultureInfo.InvariantCulture))) + "\n"));
        }
        string reference = Wide("a.csv", 1), current = Wide("b.csv", 2);
        var readings = Readings(Document(await Run.Of("compare", "--reference", reference, "--current", current, "--format", "json")));
        foreach (var c in Enumerable.Range(0, 20))
            Assert.Equal(Measure.Defaults(c % 4 == 3 ? ColumnKind.Categorical : ColumnKind.Numeric), readings.Where(r => Text(r, "column") == $"c{c}").Select(r => Text(r, "measure")));
        var table = await Run.Of("compare", "--reference", reference, "--current", current);
        Assert.Equal(0, table.Code);
        Assert.All(Enumerable.Range(0, 20), c => Assert.Contains($"c{c} ", table.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--chunk-count", "5")]
    [InlineData("--chunk-size", "500")]
    [InlineData("--chunk-period", "day")]
    public async Task Thresholds_come_from_the_references_chunks(string flag, string value)
    {
        string reference = Data("a.csv", 1, rows: 5000), moved = Data("b.csv", 2, shift: 0.2, rows: 500);
        var chunks = Readings(Document(await Run.Of("compare", "--reference", reference, "--current", moved, "--threshold", "chunks", flag, value, "--measures", "js", "--format", "json")));
        Assert.All(chunks, r => Assert.Equal("warning", Text(r, "verdict")));
        Assert.All(chunks, r => Assert.True(r.GetProperty("detail").GetProperty("threshold_upper").GetDouble() < r.GetProperty("value").GetDouble()));

        Assert.Equal(0, (await Run.Of("profile", reference, "--out", folder["r.json"], flag, value)).Code);
        var kept = Readings(Document(await Run.Of("compare", "--reference", folder["r.json"], "--current", moved, "--threshold", "chunks:2", "--measures", "js", "--format", "json")));
        Assert.All(kept, r => Assert.Equal("warning", Text(r, "verdict")));
    }

    [Fact]
    public async Task A_constant_threshold_and_what_is_wrong_with_thresholds()
    {
        string reference = Data("a.csv", 1), current = Data("b.csv", 2, shift: 0.2);
        string[] sides = ["compare", "--reference", reference, "--current", current];
        Assert.All(Readings(Document(await Run.Of([.. sides, "--threshold", "0.9", "--measures", "js", "--format", "json"]))), r => Assert.Equal("ok", Text(r, "verdict")));
        Assert.All(Readings(Document(await Run.Of([.. sides, "--threshold", "0.01", "--measures", "js", "--format", "json"]))), r => Assert.Equal("warning", Text(r, "verdict")));
        Assert.Contains("--threshold odd", (await Run.Of([.. sides, "--threshold", "odd"])).TheOneLine(), StringComparison.Ordinal);
        Assert.Contains("of its own", (await Run.Of([.. sides, "--threshold", "0.1", "--recipe", "azureml"])).TheOneLine(), StringComparison.Ordinal);
        Assert.Equal(0, (await Run.Of("profile", reference, "--out", folder["r.json"])).Code);
        Assert.Contains("--chunk-size", (await Run.Of("compare", "--reference", folder["r.json"], "--current", current, "--threshold", "chunks")).TheOneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_with_a_projection_serves_reconstruction_error_and_one_with_its_sketch_outliers()
    {
        string reference = Data("a.csv", 1, rows: 3000), current = Data("b.csv", 2);
        Assert.Equal(0, (await Run.Of("profile", reference, "--out", folder["r.json"], "--projection")).Code);
        string[] measures = ["--measures", "reconstruction_error,outlier_rate", "--format", "json"];
        var fromProfile = Readings(Document(await Run.Of(["compare", "--reference", folder["r.json"], "--current", current, .. measures])));
        var fromRows = Readings(Document(await Run.Of(["compare", "--reference", reference, "--current", current, .. measures])));
        double Error(JsonElement[] readings) => readings.Single(r => Text(r, "measure") == "reconstruction_error").GetProperty("value").GetDouble();
        Assert.Equal(Error(fromRows), Error(fromProfile));
        Assert.All(fromProfile.Where(r => Text(r, "column") is "x" or "y"), r => Assert.Equal("ok", Text(r, "status")));
    }

    [Fact]
    public async Task The_schema_forbids_values_also_by_way_of_a_profile()
    {
        var data = Data("a.csv", 1);
        Assert.Equal(0, (await Run.Of("profile", data, "--id", "id", "--out", folder["open.json"], "--schema-out", folder["s.json"])).Code);
        var schema = SchemaFormat.Read(File.ReadAllBytes(folder["s.json"]));
        var strict = new Schema(schema.Columns.Select(c => c.Name switch { "x" => c with { Max = 1.9 }, "c" => c with { Allowed = ["a", "b"] }, _ => c }));
        File.WriteAllBytes(folder["s.json"], SchemaFormat.Write(strict));
        Assert.Equal(0, (await Run.Of("profile", data, "--schema", folder["s.json"], "--out", folder["r.json"])).Code);
        var current = Data("b.csv", 2, shift: 0.3);
        foreach (var reference in (string[][])[["--reference", folder["r.json"]], ["--reference", data, "--schema", folder["s.json"]]])
        {
            var readings = Readings(Document(await Run.Of(["compare", .. reference, "--current", current, "--measures", "violation_rate", "--format", "json"])));
            Assert.InRange(readings.Single(r => Text(r, "column") == "x").GetProperty("value").GetDouble(), 0.02, 0.2);
            Assert.InRange(readings.Single(r => Text(r, "column") == "c").GetProperty("value").GetDouble(), 0.1, 0.3);
            Assert.Equal(0, readings.Single(r => Text(r, "column") == "y").GetProperty("value").GetDouble());
        }
    }

    [Fact]
    public async Task Paired_rows_show_the_share_that_differs()
    {
        var training = folder.File("t.csv", "id,x,c\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"u{i},{i % 50},k{i % 3}\n")));
        var service = folder.File("s.csv", "id,x,c\n" + string.Concat(Enumerable.Range(0, 100).Reverse().Select(i => $"u{i + 10},{(i + 10) % 50 + (i % 10 == 0 ? 1 : 0)},k{(i + 10) % 3}\n")));
        var readings = Readings(Document(await Run.Of("compare", "--paired", "--id", "id", "--reference", training, "--current", service, "--format", "json")));
        Assert.Equal([("x", "skew_rate", 0.1, "warning"), ("c", "skew_rate", 0.0, "ok")], readings.Select(r => (Text(r, "column"), Text(r, "measure"), r.GetProperty("value").GetDouble(), Text(r, "verdict"))));
        Assert.Equal(90, readings[0].GetProperty("rows").GetInt64());
        Assert.Equal(10, readings[0].GetProperty("detail").GetProperty("only_current").GetDouble());
        Assert.Equal(0, Readings(Document(await Run.Of("compare", "--paired", "--tolerance", "1", "--id", "id", "--reference", training, "--current", service, "--format", "json")))[0].GetProperty("value").GetDouble());
        string[] sides = ["compare", "--reference", training, "--current", service];
        Assert.Contains("--id COL", (await Run.Of([.. sides, "--paired"])).TheOneLine(), StringComparison.Ordinal);
        Assert.Contains("--measures", (await Run.Of([.. sides, "--paired", "--id", "id", "--measures", "psi"])).TheOneLine(), StringComparison.Ordinal);
        Assert.Contains("--tolerance", (await Run.Of([.. sides, "--tolerance", "1"])).TheOneLine(), StringComparison.Ordinal);
        var strangers = folder.File("o.csv", "id,x,c\nv1,1,k0\nv2,2,k1\n");
        Assert.Contains("have no id in common", (await Run.Of("compare", "--paired", "--id", "id", "--reference", training, "--current", strangers)).TheOneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_are_compared_as_a_whole()
    {
        string Vectors(string name, int seed, double shift)
        {
            var random = new Random(seed);
            return folder.File(name, "x,emb_0,emb_1,emb_2\n" + string.Concat(Enumerable.Range(0, 300).Select(_ => string.Join(',', Enumerable.Range(0, 4).Select(c => (random.NextDouble() + (c > 1 ? shift : 0)).ToString("R", CultureInfo.InvariantCulture))) + "\n")));
        }
        var readings = Readings(Document(await Run.Of("compare", "--reference", Vectors("a.csv", 1, 0), "--current", Vectors("b.csv", 2, 0.5), "--vector", "emb_", "--measures", "ks", "--format", "json")));
        Assert.Equal([("x", "ks"), ("emb", "mmd"), ("emb", "mean_distance"), ("emb", "domain_auc")], readings.Select(r => (Text(r, "column"), Text(r, "measure"))));
        Assert.Equal(0.005, readings[1].GetProperty("p_value").GetDouble());
        Assert.Equal(Math.Sqrt(2) / 2, readings[2].GetProperty("value").GetDouble(), 0.1);
        Assert.Contains("--vector =", (await Run.Of("compare", "--reference", folder["a.csv"], "--current", folder["b.csv"], "--vector", "=")).TheOneLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adwin")]
    [InlineData("page_hinkley", "--param", "threshold=15")]
    [InlineData("cusum", "--param", "threshold=15")]
    [InlineData("ddm")]
    [InlineData("eddm")]
    [InlineData("hddm_a")]
    [InlineData("hddm_w")]
    [InlineData("kswin", "--param", "seed=1")]
    public async Task Every_detector_finds_a_jump_of_the_error_rate(string detector, params string[] more)
    {
        var random = new Random(1);
        var data = folder.File("d.csv", "error\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => random.NextDouble() < (i < 1000 ? 0.1 : 0.6) ? "1\n" : "0\n")));
        var points = Document(await Run.Of(["detect", data, "--column", "error", "--detector", detector, .. more]));
        Assert.Contains(points.EnumerateArray(), p => Text(p, "kind") == "drift" && p.GetProperty("index").GetInt32() is >= 1000 and < 1300);
        Assert.Equal(8, ChangeDetector.Names.Count);
    }
}
