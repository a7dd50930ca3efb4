using System.Text.RegularExpressions;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Tests.Web;

namespace Drift.Worker.Tests.Telemetry;

public sealed class MetricsTests
{
    static readonly string[] always = ["drift_records_total", "drift_invalid_records_total", "drift_late_records_total", "drift_windows_judged_total", "drift_notices_total", "drift_lag_records", "drift_watermark_seconds"];

    static double Sample(string text, string series) => double.Parse(text.Split('\n').Single(l => l.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    static PartitionState State(long records, long late, long invalid) => new()
    {
        Source = new SourcePartition("predictions", 0), Records = records, Late = late, Watermark = WebFixture.Start.UtcTicks, Invalid = new Dictionary<string, long> { ["no_ts"] = invalid },
    };

    [Fact]
    public async Task What_the_process_committed_and_what_the_store_knows_stand_side_by_side()
    {
        await using var web = await WebFixture.StartAsync();
        web.Metrics.Committed(State(100, 1, 0), State(5100, 4, 2));
        web.Metrics.Notice("team", "sent");
        web.Metrics.Stand([(State(1, 0, 0), 17)]);
        var (status, type, text) = await web.GetAsync("/metrics");
        Assert.Equal((200, "text/plain"), (status, type));
        Assert.Equal(5000, Sample(text, "drift_records_total{topic=\"predictions\"}"));
        Assert.Equal(0, Sample(text, "drift_invalid_records_total{topic=\"predictions\",reason=\"not_json\"}"));
        Assert.Equal(2, Sample(text, "drift_invalid_records_total{topic=\"predictions\",reason=\"no_ts\"}"));
        Assert.Equal(3, Sample(text, "drift_late_records_total{topic=\"predictions\"}"));
        Assert.Equal(0, Sample(text, "drift_windows_judged_total{model=\"idle\"}"));
        Assert.Equal(1, Sample(text, "drift_notices_total{channel=\"team\",outcome=\"sent\"}"));
        Assert.Equal(0, Sample(text, "drift_notices_total{channel=\"team\",outcome=\"failed\"}"));
        Assert.Equal(17, Sample(text, "drift_lag_records{topic=\"predictions\",partition=\"0\"}"));
        Assert.Equal(WebFixture.Start.ToUnixTimeSeconds(), Sample(text, "drift_watermark_seconds{topic=\"predictions\",partition=\"0\"}"));
        Assert.Equal(1000, Sample(text, "drift_window_rows{model=\"fraud\",version=\"3\"}"));
        Assert.True(Sample(text, "drift_column_value{model=\"fraud\",version=\"3\",column=\"x\",measure=\"ks\"}") > .3);
        Assert.Equal(1, Sample(text, "drift_store_up"));
    }

    [Fact]
    public async Task How_truths_fare_is_told_by_both_interfaces()
    {
        var store = WebFixture.Filled();
        using (var transaction = store.Begin())
        {
            transaction.Truths.Save([new TruthMessage("a", "1", 1), new TruthMessage("a", "0", 2), new TruthMessage("b", "0", 60), new TruthMessage("c", "0", 70)]);
            transaction.Truths.ExpireTruths(50);
            transaction.Commit();
        }
        await using var web = await WebFixture.StartAsync(store);
        var (_, _, text) = await web.GetAsync("/metrics");
        Assert.Equal((2, 1, 1), (Sample(text, "drift_truths_waiting"), Sample(text, "drift_truth_orphans_total"), Sample(text, "drift_truth_duplicates_total")));
        Assert.Contains("# TYPE drift_truth_orphans_total counter", text, StringComparison.Ordinal);
        Assert.Equal((200, "application/json", """{"waiting":2,"orphans":1,"duplicates":1}"""), await web.GetAsync("/api/v1/truths"));
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
        full.Metrics.Committed(State(0, 0, 0), State(50, 0, 0));
        Assert.Equal(0, Sample((await empty.GetAsync("/metrics")).Body, "drift_records_total{topic=\"predictions\"}"));
        Assert.Equal(50, Sample((await full.GetAsync("/metrics")).Body, "drift_records_total{topic=\"predictions\"}"));
    }
}
