using System.Text.Json;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;

namespace Drift.Worker.Tests.Web;

public sealed class RankingApiTests
{
    /// <summary>Eight days: column a drifts as the AUC falls, column b at other times.</summary>
    static MemoryStore Filled(string measure)
    {
        var store = new MemoryStore();
        double[] a = [.01, .02, .01, .02, .3, .4, .5, .6], b = [.5, .01, .4, .02, .01, .02, .5, .01];
        for (var day = 0; day < a.Length; day++)
        {
            static Reading Drift(string column, double psi) => new() { Measure = "psi", Column = column, Value = psi, Rows = 1000, Verdict = psi > .2 ? Verdict.Warning : Verdict.Ok };
            var start = WebFixture.Start.AddDays(day);
            var window = new Window { Model = "fraud", Version = "3", Start = start, End = start.AddDays(1), Rows = 1000, Reference = "r1" };
            Reading[] readings = [Drift("a", a[day]), Drift("b", b[day]), new() { Measure = measure, Kind = ReadingKind.Performance, Value = .9 - a[day] / 2, ReferenceValue = .9, Rows = 1000 }];
            using var transaction = store.Begin();
            transaction.SaveJudgement(new Judged(new JudgedWindow { Window = window, Readings = readings }, [], new Alerts.Judgement { States = Alerts.AlertStates.Empty }));
            transaction.Commit();
        }
        return store;
    }

    [Theory]
    [InlineData("auc")]
    [InlineData("estimated_auc")]
    public async Task The_column_that_goes_with_the_performance_comes_first(string measure)
    {
        await using var web = await WebFixture.StartAsync(Filled(measure));
        var (status, _, body) = await web.GetAsync("/api/v1/models/fraud/ranking");
        Assert.Equal(200, status);
        var root = JsonDocument.Parse(body).RootElement;
        Assert.Equal((measure, "3", 8, .9), (root.GetProperty("measure").GetString(), root.GetProperty("version").GetString(), root.GetProperty("windows").GetInt32(), root.GetProperty("ordinary").GetDouble()));
        var columns = root.GetProperty("columns").EnumerateArray().ToList();
        Assert.Equal([("a", 1), ("b", 2)], columns.Select(c => (c.GetProperty("column").GetString()!, c.GetProperty("rank").GetInt32())));
        Assert.Equal(1, columns[0].GetProperty("correlation").GetDouble(), 1e-12);
        Assert.True(columns[0].GetProperty("drifted").GetBoolean());
        Assert.Equal(404, (await web.GetAsync("/api/v1/models/nobody/ranking")).Status);
        Assert.Equal(400, (await web.GetAsync("/api/v1/models/fraud/ranking?limit=0")).Status);
    }
}
