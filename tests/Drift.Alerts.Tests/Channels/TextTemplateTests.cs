namespace Drift.Alerts.Tests.Channels;

public class TextTemplateTests
{
    static readonly Alert alert = new()
    {
        Key = "k", Name = "rates", Model = "fraud", Version = "3", Column = "age", Measure = "missing_rate", Severity = Severity.Critical, Status = AlertStatus.Firing,
        Value = 0.25, Threshold = 0.2, Rows = 18240, Since = Make.Origin, Text = "the sentence", Tags = new Dictionary<string, string> { ["team"] = "risk" },
    };

    [Theory]
    [InlineData("{text}", "the sentence")]
    [InlineData("[{severity}] {model}/{version} {column}: {measure} {value} > {threshold}, {rows} rows since {since}", "[critical] fraud/3 age: missing_rate 25 % > 20 %, 18,240 rows since 2026-11-19T00:00:00Z")]
    [InlineData("{tag:team}{tag:none}!", "risk!")]
    [InlineData("a } b { c", "a } b { c")]
    [InlineData("", "")]
    public void Names_stand_for_what_the_alert_says(string template, string expected) => Assert.Equal(expected, new TextTemplate(template).Render(alert));

    [Fact]
    public void A_name_that_is_none_is_refused() => Assert.Equal("there is no {modell}; did you mean 'model'?", Assert.Throws<FormatException>(() => new TextTemplate("{modell}")).Message);

    [Fact]
    public async Task A_channel_speaks_in_its_own_words()
    {
        var output = new StringWriter();
        var policy = Make.Policy("""{ "rules": {}, "channels": { "c": { "kind": "console", "template": "{model} says {text}" } } }""");
        using var http = new ChannelHttp();
        var channel = ChannelFactory.Create(policy.Channels[0], new ChannelServices { Http = http, Console = output })!;
        await channel.SendAsync(new Notice { Id = "1", Channel = "c", GroupKey = "g", Alerts = [alert] }, TestContext.Current.CancellationToken);
        Assert.Equal(("c", "critical: fraud says the sentence"), (channel.Name, output.ToString().TrimEnd()));
    }
}
