using System.Text.RegularExpressions;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Tests.Web;

namespace Drift.Worker.Tests.Telemetry;

public sealed class MetricsTests
{
    static readonly string[] always = ["drift_records_total", "drift_invalid_records_total", "drift_late_records_total", "drift_windows_judged_total", "drift_notices_total", "drift_lag_records", "drift_watermark_seconds"];

    static double Sample(string text, string series) => double.Parse(text.Split('\n').Single(l => l.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Totals_are_those_of_the_store()
    {
        await using var web = await WebFixture.StartAsync();
        web.Telemetry.Noticed("team", "sent");
        web.Telemetry.SetLag(17);
        var (status, type, text) = await web.GetAsync("/metrics");
        Assert.Equal((200, "text/plain"), (status, type));
        Assert.Equal(5050, Sample(text, "drift_records_total{topic=\"predictions\"}"));
        Assert.Equal(4, Sample(text, "drift_invalid_records_total{topic=\"predictions\",reason=\"not_json\"}"));
        Assert.Equal(2, Sample(text, "drift_invalid_records_total{topic=\"predictions\",reason=\"no_ts\"}"));
        Assert.Equal(3, Sample(text, "drift_late_records_total{topic=\"predictions\"}"));
        Assert.Equal(6, Sample(text, "drift_windows_judged_total{model=\"fraud\"}"));
        Assert.Equal(0, Sample(text, "drift_windows_judged_total{model=\"idle\"}"));
        Assert.Equal(1, Sample(text, "drift_notices_total{channel=\"team\",outcome=\"sent\"}"));
        Assert.Equal(0, Sample(text, "drift_notices_total{channel=\"team\",outcome=\"failed\"}"));
        Assert.Equal(17, Sample(text, "drift_lag_records"));
        Assert.Equal(WebFixture.Start.AddDays(5).ToUnixTimeSeconds(), Sample(text, "drift_watermark_seconds"));
        Assert.True(Sample(text, "drift_column_value{model=\"fraud\",version=\"3\",column=\"x\",measure=\"ks\"}") > .3);
        Assert.Equal(1, Sample(text, "drift_store_up"));
    }

    [Fact]
    public async Task Every_name_stands_before_anything_has_happened_and_while_the_store_is_away()
    {
        await using var empty = await WebFixture.StartAsync(new MemoryStore());
        await using var away = await WebFixture.StartAsync(new AbsentStore());
        foreach (var web in (WebFixture[])[empty, away])
        {
            var (status, _, text) = await web.GetAsync("/metrics");
            Assert.Equal(200, status);
            foreach (var name in always) Assert.Matches(new Regex($"(?m)^{name}[{{ ]"), text);
        }
        Assert.Equal(0, Sample((await away.GetAsync("/metrics")).Body, "drift_store_up"));
    }

    [Fact]
    public async Task Every_line_is_in_the_text_format_and_hostile_labels_are_escaped()
    {
        await using var web = await WebFixture.StartAsync(WebFixture.Filled("a\"b\\c\nd"));
        var (_, _, text) = await web.GetAsync("/metrics");
        var line = new Regex("""^(# (HELP|TYPE) drift_\w+ .+|drift_\w+(\{(\w+="([^"\\\n]|\\["\\n])*",?)*\})? (NaN|[+-]?Inf|[-+0-9.eE]+))$""");
        foreach (var one in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.Matches(line, one);
        Assert.Contains("column=\"a\\\"b\\\\c\\nd\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_workers_in_one_process_keep_their_numbers_apart()
    {
        await using var full = await WebFixture.StartAsync();
        await using var empty = await WebFixture.StartAsync(new MemoryStore());
        Assert.Equal(0, Sample((await empty.GetAsync("/metrics")).Body, "drift_records_total{topic=\"predictions\"}"));
        Assert.Equal(5050, Sample((await full.GetAsync("/metrics")).Body, "drift_records_total{topic=\"predictions\"}"));
    }
}
