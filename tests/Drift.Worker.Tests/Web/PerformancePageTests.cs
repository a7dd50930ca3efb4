namespace Drift.Worker.Tests.Web;

public sealed class PerformancePageTests
{
    static Reading Of(string measure, double value, double? reference = null, string segment = "") => new()
    {
        Measure = measure, Kind = ReadingKind.Performance, Value = value, ReferenceValue = reference, Rows = 800, Verdict = Verdict.Ok, Segment = segment,
        Detail = new ReadingDetail { Numbers = [new("threshold_lower", .87), new("threshold_upper", .93)] },
    };

    [Fact]
    public async Task Realised_and_estimated_stand_in_one_chart_with_the_limits_and_the_coverage()
    {
        var store = WebFixture.Filled();
        WebFixture.Judge(store, 5, Of("auc", .911, .905), Of("estimated_auc", .899, .905), Of("label_coverage", .42), Of("auc", .71, segment: "country=DE"), new Reading { Measure = "p99_ms", Kind = ReadingKind.Service, Value = 37 });
        await using var web = await WebFixture.StartAsync(store);
        var (status, _, page) = await web.GetAsync("/models/fraud/performance?version=3");
        Assert.Equal(200, status);
        foreach (var text in (string[])["realised 0.911, estimated 0.899", "lower limit 0.870", "upper limit 0.930", "reference 0.905", "Label coverage", "label coverage 0.420", "p99 ms", ">37.000<", "country=DE"]) Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.DoesNotContain("0.710", page, StringComparison.Ordinal);
        Assert.Contains("0.710", (await web.GetAsync("/models/fraud/performance?version=3&segment=country%3DDE")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_performance_the_page_says_what_it_takes()
    {
        await using var web = await WebFixture.StartAsync();
        Assert.Contains("TruthTopics", (await web.GetAsync("/models/fraud/performance?version=3")).Body, StringComparison.Ordinal);
    }
}
