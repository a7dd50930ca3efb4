namespace Drift.Core.Tests.Streaming;

public sealed class ChangeDetectorTests
{
    public static TheoryData<string> Names => [.. ChangeDetector.Names];

    static double[] Stream(int before, int after, double rateBefore, double rateAfter, long seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, before + after).Select(i => random.NextDouble() < (i < before ? rateBefore : rateAfter) ? 1.0 : 0.0)];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Finds_a_jump_of_the_error_rate_soon_after_it(string name)
    {
        var parameters = name is "page_hinkley" or "cusum" ? new Dictionary<string, string> { ["threshold"] = "15" } : null;
        var found = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var x = Stream(1000, 300, 0.1, 0.6, seed);
            if (ChangeDetector.Create(name, parameters).Scan(x).Any(p => p.Kind == ChangeKind.Drift && p.Index is >= 1000 and < 1300)) found++;
        }
        Assert.True(found >= 9, $"{name} found {found} of 10");
    }

    [Theory]
    [InlineData("adwin", 1)]
    [InlineData("hddm_a", 2)]
    [InlineData("hddm_w", 3)]
    [InlineData("page_hinkley", 2)]
    [InlineData("cusum", 2)]
    public void Seldom_fires_on_a_stationary_stream(string name, int most)
    {
        var fired = Enumerable.Range(0, 20).Count(seed => ChangeDetector.Create(name).Scan(Stream(1500, 0, 0.1, 0, seed + 100)).Any(p => p.Kind == ChangeKind.Drift));
        Assert.True(fired <= most, $"{name} fired on {fired} of 20 streams");
    }

    /// <summary>What the documentation says of ddm: it fires on about half of all stationary streams of 10 % errors.</summary>
    [Fact]
    public void Ddm_fires_on_stationary_streams_as_documented()
    {
        var fired = Enumerable.Range(0, 200).Count(seed => ChangeDetector.Create("ddm").Scan(Stream(1000, 0, 0.1, 0, seed)).Any(p => p.Kind == ChangeKind.Drift));
        Assert.InRange(fired, 60, 140);
    }

    /// <summary>River with seed 1 found the jump of the mean at 600 at row 616 and raised three more alarms on 1,200 rows of tests at level 0.005.</summary>
    [Fact]
    public void Kswin_agrees_with_rivers_in_distribution()
    {
        int found = 0, others = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new SeededRandom(seed);
            double[] x = [.. Enumerable.Range(0, 1200).Select(i => random.NextNormal() + (i < 600 ? 0 : 2))];
            var points = ChangeDetector.Create("kswin", new Dictionary<string, string> { ["seed"] = $"{seed}" }).Scan(x);
            if (points.Any(p => p.Index is >= 600 and < 640)) found++;
            others += points.Count(p => p.Index is < 600 or >= 640);
        }
        Assert.True(found >= 19, $"found {found} of 20");
        Assert.InRange(others / 20.0, 0.5, 6);
    }

    [Fact]
    public void Standardised_thresholds_do_not_depend_on_the_unit()
    {
        var random = new SeededRandom(3);
        double[] x = [.. Enumerable.Range(0, 400).Select(i => random.NextNormal() + (i < 200 ? 0 : 3))], scaled = [.. x.Select(v => 1e6 + 1000 * v)];
        foreach (var name in (string[])["page_hinkley", "cusum"])
        {
            var parameters = new Dictionary<string, string> { ["standardise"] = "true" };
            var expected = ChangeDetector.Create(name, parameters).Scan(x);
            Assert.Equal(expected, ChangeDetector.Create(name, parameters).Scan(scaled));
            Assert.Single(expected, p => p.Index is >= 200 and < 260);
            Assert.NotEqual(expected, ChangeDetector.Create(name).Scan(scaled));
        }
    }

    [Fact]
    public void Adwin_holds_a_long_window_in_few_buckets()
    {
        var adwin = (AdwinDetector)AdwinDetector.Maker(new("adwin", new Dictionary<string, string>()))();
        for (var i = 0; i < 100_000; i++) adwin.Update(i % 2);
        Assert.Equal(100_000, adwin.Width);
        Assert.Equal(50_000, adwin.Total);
        Assert.InRange(adwin.Rows, 1, 17);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nan_is_passed_over_and_infinity_does_no_harm(string name)
    {
        var x = Stream(500, 200, 0.1, 0.7, 9);
        var expected = ChangeDetector.Create(name).Scan(x).Count(p => p.Kind == ChangeKind.Drift);
        var holes = x.SelectMany(v => new[] { v, double.NaN }).ToArray();
        Assert.Equal(expected, ChangeDetector.Create(name).Scan(holes).Count(p => p.Kind == ChangeKind.Drift));
        ChangeDetector.Create(name).Scan([1, 0, double.PositiveInfinity, 1, double.NegativeInfinity, 1e308, -1e308, 0, .. x]);
    }

    [Fact]
    public void Warnings_are_said_once_where_they_begin()
    {
        var points = ChangeDetector.Create("ddm").Scan(Stream(600, 200, 0.1, 0.5, 4));
        Assert.Contains(points, p => p.Kind == ChangeKind.Warning);
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.First.Index < pair.Second.Index));
    }

    [Fact]
    public void What_a_detector_does_not_know_is_refused()
    {
        Assert.Contains("kswin", Assert.Throws<ArgumentException>(() => ChangeDetector.Create("adwine")).Message);
        string Refused(string name, string key, string value) =>
            Assert.Throws<ArgumentException>(() => ChangeDetector.Create(name, new Dictionary<string, string> { [key] = value })).Message;
        Assert.Contains("'lambda'; it has min_instances", Refused("page_hinkley", "lambda", "50"));
        Assert.Contains("delta is 'x'", Refused("adwin", "delta", "x"));
        Assert.Contains("delta is '2' and must be a number above 0 and up to 1", Refused("adwin", "delta", "2"));
        Assert.Contains("mode", Refused("cusum", "mode", "sideways"));
        Assert.Contains("stat_size", Refused("kswin", "stat_size", "60"));
        Assert.Contains("true or false", Refused("hddm_w", "two_sided_test", "maybe"));
        Assert.Contains("whole number", Refused("ddm", "warm_start", "1.5"));
        Assert.Contains("at least beta", Refused("eddm", "alpha", "0.5"));
    }
}
