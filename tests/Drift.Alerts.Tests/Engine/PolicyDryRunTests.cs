namespace Drift.Alerts.Tests.Engine;

public class PolicyDryRunTests
{
    [Fact]
    public void It_says_what_would_have_been_raised_whatever_the_order_of_the_history()
    {
        var history = Enumerable.Range(0, 30).Select(d => new WindowReadings(Make.Day(d), [Make.Drift("amount", d is > 9 and < 15 or > 25 ? 0.3 : 0), Make.Rate("age", d == 3 ? 0.3 : 0.01, 0.01)])).ToList();
        var result = PolicyDryRun.Run(Policy.Default, history);
        Assert.Equal(["age", "amount", "amount"], result.Raised.Select(a => a.Column));
        Assert.Equal(["amount"], result.Firing.Select(a => a.Column));
        Assert.Equal(result.ToString(), PolicyDryRun.Run(Policy.Default, history.AsEnumerable().Reverse()).ToString());
        Assert.Equal(3, result.Pages);
        Assert.Equal(3 * 365.25 / 30, result.PagesPerYear, 9);
        Assert.StartsWith("would have raised 3 alerts in 30 windows from 2026-11-19 to 2026-12-19:\ncritical: fraud v3: age missing_rate 30 %", result.ToString());
    }

    [Fact]
    public void Nothing_is_said_in_one_line() => Assert.Equal("would have raised 0 alerts.", PolicyDryRun.Run(Policy.Default, []).ToString());
}
