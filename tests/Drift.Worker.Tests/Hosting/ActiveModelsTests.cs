using System.Text.Json;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Tests.Commands;
using Drift.Worker.Tests.Windows;
using Drift.Worker.Windows;
using Microsoft.Extensions.Logging.Abstractions;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Hosting;

/// <summary>The configuration and its references change while the worker runs.</summary>
public sealed class ActiveModelsTests : IDisposable
{
    readonly Folder folder = new();
    readonly WorkerHealth health = new(TimeProvider.System);

    public void Dispose() => folder.Dispose();

    string Configure(string models = """{"m":{"Reference":"r.json","Window":"00:10:00"} }""", string more = "") =>
        folder.File("drift.json", $$"""{"Drift":{"Models":{{models}}{{more}} } }""");

    void Reference(string name, params double[] x) =>
        File.WriteAllBytes(folder[name], ProfileFormat.Write(ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Categorical("c"))).Add("x", x).Add("c", x.Select(v => v > 2 ? "a" : "b")).ToProfile()));

    ActiveModels Active()
    {
        var config = ConfigReader.ReadFile(folder["drift.json"]);
        return new(config, WatchedModels.Load(config), () => ConfigReader.ReadFile(folder["drift.json"]), health, TimeProvider.System, NullLogger.Instance);
    }

    [Fact]
    public void What_is_right_is_taken_and_what_is_wrong_leaves_the_last_good_models_in_force()
    {
        Reference("r.json", 1, 2, 3);
        Configure();
        var active = Active();
        var first = active.Current;
        active.Look();
        Assert.Same(first, active.Current);
        Reference("r.json", 1, 2, 3, 4);
        active.Look();
        var second = active.Current;
        Assert.NotEqual(first.All[0].ReferenceId, second.All[0].ReferenceId);
        File.WriteAllText(folder["r.json"], "{\"format\":");
        active.Look();
        Assert.Same(second, active.Current);
        Assert.Contains("r.json", health.Problems["configuration"], StringComparison.Ordinal);
        Configure("""{"m":{"Reference":"r.json","Window":"soon"} }""");
        active.Look();
        Assert.Same(second, active.Current);
        Assert.Contains("'soon' is not a time span", health.Problems["configuration"], StringComparison.Ordinal);
        Reference("r.json", 1, 2, 3, 4);
        Configure("""{"m":{"Reference":"r.json","Window":"00:20:00"},"n":{"Reference":"r.json"} }""");
        active.Look();
        Assert.Equal(["m", "n"], active.Current.All.Select(m => m.Name));
        Assert.Empty(health.Problems);
    }

    [Fact]
    public void A_change_outside_of_the_models_says_that_it_needs_a_restart()
    {
        Reference("r.json", 1, 2, 3);
        Configure();
        var active = Active();
        Configure(more: ""","Source":{"Group":"other"}""");
        active.Look();
        Assert.Contains("restart", health.Problems["configuration"], StringComparison.Ordinal);
        Configure();
        active.Look();
        Assert.Empty(health.Problems);
    }

    [Fact]
    public void Rows_before_and_after_a_change_of_the_reference_are_never_added_up()
    {
        using var store = new MemoryStore();
        var (before, after) = (Models(), new WatchedModels([new WatchedModel("m", Config(), Logs.Reference + Logs.Reference)]));
        var current = before;
        var judged = new List<Judged>();
        store.SaveReference(before.All[0].ReferenceId, "m", before.All[0].Document);
        var engine = new WindowEngine(store, before, new Judge(before, () => Drift.Alerts.Policy.Default, new FakeTime(Start)), new RecordLimits(), "w") { Current = () => current, OnJudged = judged.AddRange };
        engine.Claim(P(0));
        engine.Take(0, Row(1));
        engine.Take(0, Row(2));
        current = after;
        engine.Commit([P(0)]);
        engine.Take(0, Row(3));
        engine.Take(0, Row(40));
        engine.Commit([P(0)]);
        var windows = judged.Where(j => j.All.Window.Start == Start).ToDictionary(j => j.All.Window.Reference, j => j.All.Window.Rows);
        Assert.Equal((2L, 1L), (windows[before.All[0].ReferenceId], windows[after.All[0].ReferenceId]));
        Assert.Equal((4L, 4L), (engine.Find(P(0))!.Stored.Rows, engine.Find(P(0))!.Stored.Position));
    }
}
