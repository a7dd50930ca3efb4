namespace Drift.Core.Tests.Performance;

public sealed class PerformanceFormatTests
{
    [Theory]
    [InlineData("car_loan")]
    [InlineData("credit_card")]
    [InlineData("car_price")]
    public void A_reference_read_back_says_the_same(string name)
    {
        var table = Models.Reference(name).Slice(0, 12_000);
        var columns = Models.Columns(name);
        // Cubed, so that there is a calibration to be kept.
        foreach (var score in columns.Scores) table = table.Map(score.Column, x => x * x * x);
        var reference = PerformanceReference.Fit(table, columns, Chunk.BySize(table.Rows, 2000));
        var profile = PerformanceFormat.AddTo(ProfileBuilder.ForReference(table.Schema).Add(table).ToProfile(), reference);
        var read = PerformanceFormat.Read(ProfileFormat.Read(ProfileFormat.Write(profile)))!;
        Assert.Equal(reference.Baselines, read.Baselines);
        Assert.Equal(reference.Columns with { Scores = [] }, read.Columns with { Scores = [] });
        Assert.Equal(reference.Columns.Scores, read.Columns.Scores);
        var outcomes = Outcomes.Of(table, read.Columns);
        var rows = Enumerable.Range(0, 3000).ToArray();
        Assert.Equal(reference.Estimate(outcomes, rows).Select(r => (r.Measure, r.Value, r.Verdict)), read.Estimate(outcomes, rows).Select(r => (r.Measure, r.Value, r.Verdict)));
        Assert.NotEmpty(read.Estimate(outcomes, rows));
    }

    [Theory]
    [InlineData("performance", """{"version":2}""", "$.performance.version")]
    [InlineData("performance", """{"version":1,"task":"other","scores":[],"measures":[]}""", "$.performance.task")]
    [InlineData("calibration", """{"version":1,"classes":[{"class":"","scores":[1,0],"probabilities":[0,1]}]}""", "rise strictly")]
    [InlineData("calibration", """{"version":1,"classes":[{"class":"","scores":[0,1],"probabilities":[0,2]}]}""", "rise strictly")]
    [InlineData("loss_model", """{"version":1,"losses":["mse"],"features":[],"nodes":[]}""", "$.loss_model.nodes")]
    [InlineData("loss_model", """{"version":1,"losses":["mse"],"features":[{"column":"a","cuts":[1]}],"nodes":[{"feature":0,"cut":1,"left":0,"right":0}]}""", "$.loss_model.nodes[0].left")]
    [InlineData("loss_model", """{"version":1,"losses":["mse"],"features":[],"nodes":[{"means":[1,2]}]}""", "$.loss_model.nodes[0].means")]
    public void Damage_is_refused_with_its_place(string member, string json, string says)
    {
        var extras = new Dictionary<string, string> { ["performance"] = """{"version":1,"task":"regression","scores":[],"measures":[]}""" };
        extras[member] = json;
        var error = Assert.Throws<FormatException>(() => PerformanceFormat.Read(new Profile([], 0) { Extras = extras }));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_without_performance_has_none() => Assert.Null(PerformanceFormat.Read(new Profile([], 0)));
}
