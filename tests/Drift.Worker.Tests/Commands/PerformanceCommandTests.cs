using System.Globalization;
using System.Text;
using System.Text.Json;
using Drift.Tests;

namespace Drift.Worker.Tests.Commands;

/// <summary>evaluate, estimate and contrast as a script sees them.</summary>
public sealed class PerformanceCommandTests
{
    /// <summary>Rows of a model that is right with the given share; one row an hour from a Friday on.</summary>
    static string Answers(Folder folder, string name, int rows, double right, int seed, bool withTruth = true, int from = 0)
    {
        var random = new Random(seed);
        var text = new StringBuilder(withTruth ? "id,ts,country,amount,p,score,revenue,y\n" : "id,ts,country,amount,p,score,revenue\n");
        for (var i = from; i < from + rows; i++)
        {
            var truth = i * 7 % 10 < 4;
            var said = random.NextDouble() < right ? truth : !truth;
            var score = said ? 0.5 + random.NextDouble() / 2 : random.NextDouble() / 2;
            var time = new DateTime(2026, 1, 30, 0, 0, 0, DateTimeKind.Utc).AddHours(i);
            text.Append(CultureInfo.InvariantCulture, $"r-{i},{time:yyyy-MM-ddTHH:mm:ssZ},{(i % 3 == 0 ? "DE" : "FR")},{random.Next(1000)},{(said ? 1 : 0)},{score:F3},{random.Next(10)}{(withTruth ? truth ? ",1" : ",0" : "")}\n");
        }
        return folder.File(name, text.ToString());
    }

    static readonly string[] binary = ["--task", "binary", "--prediction", "p", "--score", "score", "--truth", "y", "--id", "id"];

    static async Task<JsonElement> Json(params string[] args)
    {
        var run = await Run.Of([.. args, "--format", "json"]);
        Assert.True(run.Error.Length == 0, run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }

    static JsonElement Reading(JsonElement of, string measure, string segment = "", string column = "") => of.GetProperty("readings").EnumerateArray()
        .First(r => r.GetProperty("measure").GetString() == measure && r.GetProperty("segment").GetString() == segment && r.GetProperty("column").GetString() == column);

    static double Value(JsonElement of, string measure, string segment = "") => Reading(of, measure, segment).GetProperty("value").GetDouble();

    [Fact]
    public async Task Chunks_by_size_carry_row_numbers_and_the_last_short_one_stands()
    {
        using var folder = new Folder();
        var document = await Json(["evaluate", "--predictions", Answers(folder, "a.csv", 500, 0.9, 1), .. binary, "--chunk-size", "200"]);
        Assert.Equal(["recipe", "reference", "current", "readings", "chunks"], document.EnumerateObject().Select(m => m.Name));
        Assert.Equal(500, document.GetProperty("current").GetProperty("rows").GetInt32());
        Assert.Equal([(0, 0, 200, 200), (1, 200, 400, 200), (2, 400, 500, 100)],
            document.GetProperty("chunks").EnumerateArray().Select(c => (c.GetProperty("index").GetInt32(), c.GetProperty("start").GetInt32(), c.GetProperty("end").GetInt32(), c.GetProperty("rows").GetInt32())));
        var weighted = document.GetProperty("chunks").EnumerateArray().Sum(c => Value(c, "accuracy") * c.GetProperty("rows").GetInt32()) / 500;
        Assert.Equal(Value(document, "accuracy"), weighted, 1e-12);
        Assert.Equal(1, Value(document, "label_coverage"));
        Assert.InRange(Value(document, "confidence_mean"), 0.5, 1);
    }

    [Fact]
    public async Task Chunks_by_week_and_month_carry_instants()
    {
        using var folder = new Folder();
        var file = Answers(folder, "a.csv", 24 * 5, 0.9, 1);
        (string?, string?, int)[] Of(JsonElement document) => [.. document.GetProperty("chunks").EnumerateArray().Select(c => (c.GetProperty("start").GetString(), c.GetProperty("end").GetString(), c.GetProperty("rows").GetInt32()))];
        Assert.Equal([("2026-01-26T00:00:00Z", "2026-02-02T00:00:00Z", 72), ("2026-02-02T00:00:00Z", "2026-02-09T00:00:00Z", 48)], Of(await Json(["evaluate", "--predictions", file, .. binary, "--chunk-period", "week"])));
        Assert.Equal([("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 48), ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", 72)], Of(await Json(["evaluate", "--predictions", file, .. binary, "--chunk-period", "month", "--ts", "ts"])));
    }

    [Fact]
    public async Task Labels_of_a_file_of_their_own_find_their_rows_and_the_coverage_says_how_many()
    {
        using var folder = new Folder();
        var answers = Answers(folder, "a.csv", 200, 0.9, 1, withTruth: false);
        // Rows 0 to 99 are labelled, one of them twice (the last counts); two labels belong to nobody.
        var labels = new StringBuilder("id,y\nr-0,0\n");
        for (var i = 0; i < 100; i++) labels.Append(CultureInfo.InvariantCulture, $"r-{i},{(i * 7 % 10 < 4 ? 1 : 0)}\n");
        var document = await Json(["evaluate", "--predictions", answers, "--labels", folder.File("l.csv", labels + "x-1,1\nx-2,0\n"), .. binary, "--chunk-size", "100"]);
        var coverage = Reading(document, "label_coverage");
        Assert.Equal(0.5, coverage.GetProperty("value").GetDouble());
        Assert.Equal((2, 1), (coverage.GetProperty("detail").GetProperty("orphans").GetInt32(), coverage.GetProperty("detail").GetProperty("duplicates").GetInt32()));
        Assert.Equal(100, Reading(document, "accuracy").GetProperty("rows").GetInt32());
        Assert.Equal("insufficient_data", Reading(document.GetProperty("chunks")[1], "accuracy").GetProperty("status").GetString());
        Assert.Equal("NaN", Reading(document.GetProperty("chunks")[1], "accuracy").GetProperty("value").GetString());
        var whole = await Json(["evaluate", "--predictions", Answers(folder, "b.csv", 100, 0.9, 1), .. binary]);
        foreach (var measure in (string[])["accuracy", "auc", "log_loss"]) Assert.Equal(Value(whole, measure), Value(document, measure));
    }

    [Fact]
    public async Task Segments_have_their_own_measures_and_gaps_between_them()
    {
        using var folder = new Folder();
        var document = await Json(["evaluate", "--predictions", Answers(folder, "a.csv", 600, 0.8, 1), .. binary, "--segment", "country", "--metric", "revenue"]);
        var parts = (Value(document, "accuracy", "country=DE") * 200 + Value(document, "accuracy", "country=FR") * 400) / 600;
        Assert.Equal(Value(document, "accuracy"), parts, 1e-12);
        foreach (var gap in (string[])["demographic_parity_difference", "equal_opportunity_difference", "equalized_odds_difference", "disparate_impact_ratio"])
        {
            var reading = Reading(document, gap, column: "country");
            Assert.Equal("ok", reading.GetProperty("status").GetString());
            Assert.True(reading.GetProperty("detail").GetProperty("lower").GetDouble() <= reading.GetProperty("value").GetDouble());
            Assert.Equal(2, reading.GetProperty("detail").GetProperty("cells").GetArrayLength());
        }
        Assert.InRange(Value(document, "metric_revenue_mean"), 4, 5);
        var few = await Json(["evaluate", "--predictions", Answers(folder, "b.csv", 60, 0.8, 1), .. binary, "--segment", "country"]);
        Assert.Equal("insufficient_data", Reading(few, "accuracy", "country=DE").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Rankings_are_cut_where_told()
    {
        using var folder = new Folder();
        var file = folder.File("r.csv", "q,s,rel\na,3,0\na,2,1\na,1,2\nb,3,1\nb,2,0\n");
        string[] flags = ["evaluate", "--predictions", file, "--task", "ranking", "--query", "q", "--prediction", "s", "--truth", "rel"];
        var document = await Json(flags);
        Assert.Equal((0.5 + 1) / 2, Value(document, "mrr"));
        Assert.Equal(((0.5 + 2 / 3.0) / 2 + 1) / 2, Value(document, "map"), 1e-12);
        var cut = await Json([.. flags, "--k", "1"]);
        Assert.Equal(0.5, Value(cut, "ndcg"));
        Assert.Equal(1, Reading(cut, "mrr").GetProperty("detail").GetProperty("k").GetInt32());
    }

    [Fact]
    public async Task A_profile_made_with_truth_is_the_reference_of_evaluate_estimate_and_check()
    {
        using var folder = new Folder();
        var reference = Answers(folder, "r.csv", 4000, 0.9, 1);
        var profiled = await Run.Of("profile", reference, "--out", folder["r.json"], "--prediction", "p", "--score", "score", "--truth", "y", "--id", "id", "--chunk-size", "400");
        Assert.Equal(0, profiled.Code);
        Assert.Contains("performance as binary, positive class 1", profiled.Out, StringComparison.Ordinal);
        foreach (var known in (string[])[folder["r.json"], reference])
        {
            var same = await Json(["evaluate", "--predictions", Answers(folder, "same.csv", 2000, 0.9, 2), .. binary, "--reference", known, "--chunk-size", "400"]);
            Assert.Equal("ok", Reading(same, "accuracy").GetProperty("verdict").GetString());
            var worse = await Json(["evaluate", "--predictions", Answers(folder, "worse.csv", 2000, 0.7, 3), .. binary, "--reference", known, "--chunk-size", "400"]);
            var accuracy = Reading(worse, "accuracy");
            Assert.Equal("critical", accuracy.GetProperty("verdict").GetString());
            Assert.True(accuracy.GetProperty("value").GetDouble() < accuracy.GetProperty("detail").GetProperty("threshold_lower").GetDouble());
            var estimated = Reading(await Json(["estimate", "--reference", known, "--current", Answers(folder, "open.csv", 2000, 0.9, 4, withTruth: false), .. binary, "--chunk-size", "400"]), "estimated_accuracy");
            Assert.Equal("assumes no concept drift", estimated.GetProperty("detail").GetProperty("reason").GetString());
            Assert.InRange(estimated.GetProperty("value").GetDouble(), 0.85, 0.95);
        }
        var gate = folder.File("p.json", """{"rules":{"auc":{"measure":"auc","below":0.85,"severity":"critical"},"ordinary":{"measure":"performance","outside":"reference","severity":"critical"}}}""");
        Assert.Equal(0, (await Run.Of("check", "--reference", folder["r.json"], "--current", Answers(folder, "fine.csv", 2000, 0.9, 5), "--policy", gate)).Code);
        var failed = await Run.Of("check", "--reference", folder["r.json"], "--current", Answers(folder, "bad.csv", 2000, 0.6, 6), "--policy", gate, "--format", "json");
        Assert.Equal(1, failed.Code);
        Assert.Equal(["auc", "ordinary"], JsonDocument.Parse(failed.Out).RootElement.GetProperty("violations").EnumerateArray().Select(v => v.GetProperty("rule").GetString()).Distinct().Order());
    }

    /// <summary>The steps of the sample as they stand, on data that should pass and on data that should not.</summary>
    [Fact]
    public async Task The_sample_of_a_gate_passes_and_stops_what_it_says()
    {
        using var folder = new Folder();
        var ci = Path.Combine(Repository.Root, "samples", "ci");
        Assert.Equal(0, (await Run.Of("policy", "check", Path.Combine(ci, "promotion.json"))).Code);
        string Renamed(string name, int rows, double right, int seed) => folder.File(name, File.ReadAllText(Answers(folder, "raw.csv", rows, right, seed)).Replace("country,amount,p,score,revenue,y", "country,amount,answer,score,revenue,fraud", StringComparison.Ordinal));
        Assert.Equal(0, (await Run.Of("profile", Renamed("training.csv", 4000, 0.9, 1), "--out", folder["fraud.json"], "--prediction", "answer", "--score", "score", "--truth", "fraud", "--id", "id", "--chunk-size", "400")).Code);
        var steps = File.ReadLines(Path.Combine(ci, "drift-gate.yml")).Where(l => l.Contains("--task", StringComparison.Ordinal)).Select(l => l[(l.IndexOf("drift ", StringComparison.Ordinal) + 6)..].Split(' ')).ToList();
        Assert.Equal(["check", "contrast"], steps.Select(s => s[0]));
        Task<Run> Step(int step) => Run.Of([.. steps[step].Select(word => word == "promotion.json" ? Path.Combine(ci, word) : word.EndsWith(".csv", StringComparison.Ordinal) || word == "fraud.json" ? folder[word] : word)]);
        Renamed("champion.csv", 1000, 0.9, 5);
        foreach (var (right, code) in ((double, int)[])[(0.9, 0), (0.6, 1)])
        {
            Renamed("holdout.csv", 2000, right, 3);
            Renamed("challenger.csv", 1000, right, 4);
            var (check, contrast) = (await Step(0), await Step(1));
            Assert.Equal((code, code), (check.Code, contrast.Code));
            if (code == 1) Assert.Contains("alert under 0.85", check.Out, StringComparison.Ordinal);
        }
        // Half a day is no day, whatever the numbers say.
        Renamed("challenger.csv", 10, 0.9, 4);
        Assert.Equal(1, (await Step(1)).Code);
    }

    [Fact]
    public async Task An_estimate_stands_beside_the_truth_once_there_is_some()
    {
        using var folder = new Folder();
        var document = await Json(["estimate", "--reference", Answers(folder, "r.csv", 3000, 0.9, 1), "--current", Answers(folder, "c.csv", 1000, 0.9, 2), .. binary, "--chunk-count", "4"]);
        var estimated = Reading(document, "estimated_accuracy");
        Assert.Equal(Value(document, "accuracy"), estimated.GetProperty("detail").GetProperty("realised").GetDouble());
        Assert.Equal(estimated.GetProperty("value").GetDouble() - Value(document, "accuracy"), estimated.GetProperty("detail").GetProperty("estimate_error").GetDouble(), 1e-12);
        Assert.Equal("cbpe", document.GetProperty("recipe").GetString());
        Assert.Equal(4, document.GetProperty("chunks").GetArrayLength());
    }

    /// <summary>car_price becomes easier from its sixth chunk on: a change, and no failure. The same file with truth half as large again is one.</summary>
    [Fact]
    public async Task An_improvement_is_a_change_and_no_failure_and_worse_truth_is_one()
    {
        using var folder = new Folder();
        string[] roles = ["--task", "regression", "--prediction", "y_pred", "--truth", "y_true", "--id", "id", "--chunk-size", "6000"];
        var (reference, analysis, labels) = (TestData.Path("datasets/car_price_reference.csv.gz"), TestData.Path("datasets/car_price_analysis.csv.gz"), TestData.Path("datasets/car_price_labels.csv.gz"));
        Assert.Equal(0, (await Run.Of("profile", reference, "--out", folder["r.json"], "--prediction", "y_pred", "--truth", "y_true", "--id", "id", "--ts", "timestamp", "--chunk-size", "6000")).Code);
        using var unpacked = new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(labels), System.IO.Compression.CompressionMode.Decompress));
        var rows = (await unpacked.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Trim().Split(',')).ToList();
        string Labels(string name, double factor, int from) => folder.File(name, "id,y_true\n" + string.Concat(rows.Skip(from).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r[0]},{double.Parse(r[1], CultureInfo.InvariantCulture) * factor:R}\n"))));
        foreach (var command in (string[][])[["evaluate", "--predictions"], ["estimate", "--current"]])
        {
            async Task<JsonElement[]> Rmse(string truth, string prefix = "") => [.. (await Json([.. command, analysis, "--labels", truth, "--reference", folder["r.json"], .. roles])).GetProperty("chunks").EnumerateArray().Select(c => Reading(c, prefix + "rmse"))];
            foreach (var improved in (await Rmse(labels))[5..])
            {
                Assert.Equal("warning", improved.GetProperty("verdict").GetString());
                Assert.Equal(1, improved.GetProperty("detail").GetProperty("improved").GetInt32());
                Assert.True(improved.GetProperty("value").GetDouble() < improved.GetProperty("detail").GetProperty("threshold_lower").GetDouble());
            }
            foreach (var worse in await Rmse(Labels("worse.csv", 1.5, 0)))
            {
                Assert.Equal("critical", worse.GetProperty("verdict").GetString());
                Assert.True(worse.GetProperty("value").GetDouble() > worse.GetProperty("detail").GetProperty("threshold_upper").GetDouble());
            }
            if (command[0] == "estimate") Assert.All((await Rmse(labels, "estimated_"))[5..], r => Assert.Equal(("warning", 1), (r.GetProperty("verdict").GetString(), r.GetProperty("detail").GetProperty("improved").GetInt32())));
        }
        // The gate, on the chunks that improved. (Their relative errors did not: cheap cars are priced worse.)
        var policy = folder.File("p.json", """{"rules":{"performance":{"measure":["rmse","mae","r2","estimated_rmse"],"outside":"reference","severity":"critical"}}}""");
        string[] gate = ["check", "--reference", folder["r.json"], "--current", analysis, "--id", "id", "--ts", "timestamp", "--policy", policy, "--labels"];
        var better = await Run.Of([.. gate, Labels("late.csv", 1, 30_000)]);
        Assert.Equal((0, ""), (better.Code, better.Error));
        Assert.Contains("change: data: ", better.Out, StringComparison.Ordinal);
        Assert.Contains(" improved to ", better.Out, StringComparison.Ordinal);
        var failed = await Run.Of([.. gate, folder["worse.csv"]]);
        Assert.Equal(1, failed.Code);
        Assert.Contains("critical: data: ", failed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contrast_fails_a_worse_challenger_and_one_that_cannot_be_judged()
    {
        using var folder = new Folder();
        string good = Answers(folder, "good.csv", 1000, 0.9, 1), bad = Answers(folder, "bad.csv", 1000, 0.8, 2), few = Answers(folder, "few.csv", 60, 0.9, 3);
        // Without the scores: those of the better model are less well calibrated, which is worse in its own way.
        string[] Sides(string champion, string challenger) => ["contrast", "--champion", champion, "--challenger", challenger, "--task", "binary", "--prediction", "p", "--truth", "y", "--id", "id"];
        Assert.Equal(1, (await Run.Of(Sides(good, bad))).Code);
        Assert.Equal(0, (await Run.Of(Sides(bad, good))).Code);
        Assert.Equal(1, (await Run.Of([.. Sides(good, bad), "--paired"])).Code);
        var unjudged = await Run.Of(Sides(good, few));
        Assert.Equal(1, unjudged.Code);
        Assert.Contains("needs 100 labelled rows a side, has 1000 and 60", unjudged.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Run.Of([.. Sides(good, few), "--allow-insufficient"])).Code);
        var early = await Run.Of([.. Sides(bad, good), "--min-duration", "60d"]);
        Assert.Equal(1, early.Code);
        Assert.Contains("needs 60.00:00:00 of time a side", early.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Run.Of([.. Sides(bad, good), "--min-duration", "24h"])).Code);
        var document = await Json([.. Sides(good, bad), "--metric", "revenue", "--segment", "country"]);
        var accuracy = Reading(document, "accuracy");
        Assert.Equal(accuracy.GetProperty("value").GetDouble() - accuracy.GetProperty("reference_value").GetDouble(), accuracy.GetProperty("detail").GetProperty("difference").GetDouble(), 1e-12);
        Assert.InRange(accuracy.GetProperty("detail").GetProperty("p_sequential").GetDouble(), 0, 1);
        Assert.Equal(1000, Reading(document, "metric_revenue_mean").GetProperty("rows").GetInt32());
        Assert.Equal("two_proportion_z", Reading(document, "accuracy", "country=FR").GetProperty("detail").GetProperty("recipe").GetString());
    }

    [Theory]
    [InlineData("--task other", "--task other: one of binary, multiclass, regression, ranking")]
    [InlineData("", "--task is missing")]
    [InlineData("--task binary --truth nothing --prediction p", "has no column 'nothing'")]
    [InlineData("--task binary --truth y", "neither a prediction nor a score column is named")]
    [InlineData("--task binary --prediction p", "--truth is missing")]
    [InlineData("--task binary --truth y --prediction amount", "more than two classes")]
    [InlineData("--task binary --truth y --prediction country", "do not speak of the same two classes")]
    [InlineData("--task regression --truth y --prediction country", "is no numbers")]
    [InlineData("--task binary --truth y --prediction p --chunk-size 0", "--chunk-size 0: at least 1")]
    [InlineData("--task binary --truth y --prediction p --chunk-size 5 --chunk-period day", "contradict each other")]
    [InlineData("--task binary --truth y --prediction p --chunk-period year", "--chunk-period year: day, week or month")]
    [InlineData("--task ranking --truth y --prediction p", "--query")]
    [InlineData("--task multiclass --truth y --prediction p --score score", "name them as class=column")]
    [InlineData("--task binary --truth y --prediction p --positive fraud", "the positive class is 'fraud', but the classes are 0 and 1")]
    [InlineData("--task binary --truth y --prediction p --k 5", "--k has no meaning for --task binary")]
    [InlineData("--task regression --truth y --prediction p --positive 1", "--positive has no meaning for --task regression")]
    [InlineData("--task binary --truth y --prediction p --format xml", "--format xml")]
    public async Task What_is_wrong_is_said_in_one_line(string flags, string says)
    {
        using var folder = new Folder();
        var run = await Run.Of(["evaluate", "--predictions", Answers(folder, "a.csv", 50, 0.9, 1), .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Contains(says, run.TheOneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_does_not_pass_over_what_it_cannot_know()
    {
        using var folder = new Folder();
        var policy = folder.File("p.json", """{"rules":{"quality":{"measure":"auc","below":0.2,"severity":"critical"}}}""");
        string[] sides = ["check", "--reference", Answers(folder, "r.csv", 1000, 0.9, 1), "--policy", policy, "--current"];
        string labelled = Answers(folder, "c.csv", 500, 0.9, 2), plain = Answers(folder, "n.csv", 500, 0.9, 2, withTruth: false);
        Assert.Equal(0, (await Run.Of([.. sides, labelled, .. binary])).Code);
        foreach (var asked in (string[][])[[labelled], [plain, .. binary]])
        {
            var run = await Run.Of([.. sides, .. asked]);
            Assert.Equal(1, run.Code);
            Assert.Contains("not judged: the window: quality could not be judged: there is no auc", run.Out, StringComparison.Ordinal);
            Assert.Equal(0, (await Run.Of([.. sides, .. asked, "--allow-insufficient"])).Code);
        }
        Assert.Contains("--truth is missing", (await Run.Of([.. sides, labelled, "--task", "binary", "--score", "score"])).TheOneLine(), StringComparison.Ordinal);
        Assert.Contains("--min-rows -1: 0 or more", (await Run.Of(["contrast", "--champion", labelled, "--challenger", labelled, .. binary, "--min-rows", "-1"])).TheOneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_has_the_measures_with_what_is_ordinary_for_them()
    {
        using var folder = new Folder();
        var run = await Run.Of(["evaluate", "--predictions", Answers(folder, "a.csv", 1000, 0.7, 1), .. binary, "--reference", Answers(folder, "r.csv", 4000, 0.9, 2), "--chunk-size", "400", "--format", "html", "--out", folder["report.html"]]);
        Assert.Equal((0, "", ""), (run.Code, run.Out, run.Error));
        var html = File.ReadAllText(folder["report.html"]);
        foreach (var text in (string[])["<section aria-label=\"Performance\">", "<th scope=\"row\">auc<", "Ordinary", "1,000 rows against 4,000 of the reference", "out of range", "<section aria-label=\"Chunks\">", "<th scope=\"row\">2<td class=\"d-n\">200<"]) Assert.Contains(text, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_name_chunks_and_what_lies_outside()
    {
        using var folder = new Folder();
        var run = await Run.Of(["evaluate", "--predictions", Answers(folder, "a.csv", 1000, 0.7, 1), .. binary, "--reference", Answers(folder, "r.csv", 4000, 0.9, 2), "--chunk-size", "400"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("critical", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\s*2  800\s+1000\s+200 .*accuracy", run.Out);
        Assert.Equal(0, (await Run.Of(["contrast", "--champion", folder["r.csv"], "--challenger", folder["r.csv"], .. binary, "--out", folder["c.txt"]])).Code);
        Assert.Contains("passed: nothing is significantly worse", await File.ReadAllTextAsync(folder["c.txt"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
