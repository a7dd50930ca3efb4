namespace Drift.Alerts.Tests.Policies;

public class PresetsTests
{
    [Fact]
    public void Every_preset_is_a_policy()
    {
        foreach (var name in Presets.Names) Assert.NotEmpty(Make.Policy(Presets.Find(name)!).Rules);
        Assert.Null(Presets.Find("other"));
        Assert.Equal(Policy.Default.Hash, Make.Policy(Presets.Find("calibrated")!).Hash);
    }

    [Theory]
    [InlineData(100, 0.29, 0.34)]
    [InlineData(200, 0.01, 0.03)]
    [InlineData(1000, 0, 0)]
    public void The_checklists_false_alarms_are_what_its_documentation_says(int rows, double least, double most)
    {
        var random = new Random(20261119);
        const int runs = 4000;
        var over = 0;
        for (var run = 0; run < runs; run++)
            if (Divergence.Psi(Draw(random, rows), Draw(random, rows)) > 0.2) over++;
        Assert.InRange((double)over / runs, least, most);
    }

    static long[] Draw(Random random, int rows)
    {
        var cells = new long[10];
        for (var i = 0; i < rows; i++) cells[random.Next(10)]++;
        return cells;
    }
}
