namespace Drift.Alerts.Tests.Engine;

public class AlertMachineTests
{
    const string TwoOfThree = """ "drift": { "measure": "ks", "above": 0.1, "clear_at": 0.08, "p_adjusted_below": 0.01, "for": "2 of 3", "clear_for": 2 } """;
    const string Family = """
        "drift": { "measure": "ks", "above": 0.1, "clear_at": 0.08, "for": "2 of 3", "severity": "warning" },
        "drift-strong": { "measure": "ks", "above": 0.2, "clear_at": 0.16, "for": "2 of 3", "severity": "critical" },
        "drift-broken": { "measure": "ks", "above": 0.4, "clear_at": 0.16, "for": "1 of 1", "severity": "critical" }
        """;

    [Fact]
    public void Fires_in_the_second_breached_window_once_and_resolves_once()
    {
        var run = new Run(Make.Rules(TwoOfThree, "\"repeat\": \"00:00:00\""));
        run.Day(0, Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Pending, run.Only!.Status);
        Assert.Empty(run.Notices);
        run.Day(1, Make.Drift("amount", 0.02));
        run.Day(2, Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
        Assert.Equal(Make.Origin, run.Only.Since);
        for (var day = 3; day < 6; day++) run.Day(day, Make.Drift("amount", 0.3));
        run.Day(6, Make.Drift("amount", 0.02));
        Assert.Single(run.Notices);
        run.Day(7, Make.Drift("amount", 0.02));
        Assert.Equal([AlertStatus.Firing, AlertStatus.Resolved], run.Notices.Select(n => n.Status));
        Assert.Equal(run.Notices[0].Alerts[0].Episode, run.Notices[1].Alerts[0].Episode);
        run.Day(8, Make.Drift("amount", 0.02));
        Assert.Empty(run.States.Alerts);
        Assert.Equal([AlertStatus.Pending, AlertStatus.Firing, AlertStatus.Resolved, AlertStatus.Inactive], run.Transitions.Select(t => t.To));
    }

    [Fact]
    public void A_value_between_clearing_and_threshold_neither_breaches_nor_clears()
    {
        var run = new Run(Make.Rules(TwoOfThree, "\"repeat\": \"00:00:00\""));
        run.Day(0, Make.Drift("amount", 0.3));
        run.Day(1, Make.Drift("amount", 0.3));
        for (var day = 2; day < 20; day++) run.Day(day, Make.Drift("amount", 0.09));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
        run.Day(20, Make.Drift("amount", 0.02));
        run.Day(21, Make.Drift("amount", 0.09));
        run.Day(22, Make.Drift("amount", 0.02));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
        run.Day(23, Make.Drift("amount", 0.02));
        Assert.Equal(AlertStatus.Resolved, run.Notices[^1].Status);
    }

    [Fact]
    public void An_effect_that_is_not_significant_is_no_breach_and_neither_is_one_without_a_p_value()
    {
        var run = new Run(Make.Rules(TwoOfThree));
        for (var day = 0; day < 5; day++)
        {
            Assert.Empty(run.Day(day, Make.Drift("amount", 0.9, p: 0.02), Make.Drift("age", 0.9, p: null)).Breaches);
        }
        Assert.Empty(run.States.Alerts);
    }

    [Theory]
    [InlineData(ReadingStatus.InsufficientData)]
    [InlineData(ReadingStatus.NotApplicable)]
    [InlineData(ReadingStatus.Failed)]
    public void A_window_that_cannot_be_judged_leaves_no_mark(ReadingStatus status)
    {
        var run = new Run(Make.Rules(TwoOfThree));
        run.Day(0, Make.Drift("amount", 0.3));
        for (var day = 1; day < 9; day++) run.Day(day, Make.Drift("amount", 0.9, status: status));
        Assert.Equal(AlertStatus.Pending, run.Only!.Status);
        run.Day(9, Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
        for (var day = 10; day < 19; day++) run.Day(day, Make.Drift("amount", 0, status: status));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
    }

    [Fact]
    public void A_revision_takes_the_place_of_its_window_and_never_counts_twice()
    {
        var run = new Run(Make.Rules(TwoOfThree));
        for (var revision = 0; revision < 5; revision++) run.Judge(Make.Day(0, revision), Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Pending, run.Only!.Status);
        run.Judge(Make.Day(0, 5), Make.Drift("amount", 0.01));
        Assert.Empty(run.States.Alerts);
        run.Judge(Make.Day(0, 6), Make.Drift("amount", 0.3));
        run.Day(1, Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
    }

    [Fact]
    public void An_older_window_that_comes_late_does_not_pass_for_the_present()
    {
        var run = new Run(Make.Rules(""" "schema": { "measure": "violation_rate", "above": 0.01 } """));
        static Reading Violations(double value) => new() { Measure = "violation_rate", Kind = ReadingKind.Quality, Value = value, Rows = 100 };
        run.Day(0, Violations(0));
        run.Day(1, Violations(0));
        Assert.Single(run.Judge(Make.Day(0, 1), Violations(0.5)).Breaches);
        Assert.Null(run.Only);
        run.Day(2, Violations(0.5));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
    }

    [Fact]
    public void Windows_that_overlap_count_once()
    {
        var run = new Run(Make.Rules(TwoOfThree));
        Window Sliding(int hour) => new() { Model = "fraud", Version = "3", Start = Make.Origin.AddHours(hour), End = Make.Origin.AddHours(hour + 24), Rows = 1000 };
        for (var hour = 0; hour < 24; hour++) run.Judge(Sliding(hour), Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Pending, run.Only!.Status);
        run.Judge(Sliding(24), Make.Drift("amount", 0.3));
        Assert.Equal(AlertStatus.Firing, run.Only!.Status);
    }

    [Fact]
    public void Columns_segments_and_versions_are_alerts_of_their_own()
    {
        var run = new Run(Make.Rules(TwoOfThree));
        run.Day(0, Make.Drift("amount", 0.3), Make.Drift("age", 0.01), Make.Drift("amount", 0.01, segment: "country=DE"));
        run.Day(1, Make.Drift("amount", 0.01), Make.Drift("age", 0.3), Make.Drift("amount", 0.3, segment: "country=DE"));
        run.Judge(Make.Day(1, version: "4"), Make.Drift("amount", 0.3));
        Assert.All(run.States.Current, a => Assert.Equal(AlertStatus.Pending, a.Status));
        Assert.Equal(4, run.States.Alerts.Count);
        run.Day(2, Make.Drift("amount", 0.3), Make.Drift("age", 0.01), Make.Drift("amount", 0.01, segment: "country=DE"));
        Assert.Equal(["amount"], run.States.Current.Where(a => a.Status == AlertStatus.Firing).Select(a => a.Column));
    }

    [Fact]
    public void A_family_makes_one_alert_and_a_rise_in_severity_is_told_once()
    {
        var run = new Run(Make.Rules(Family, "\"repeat\": \"00:00:00\""));
        run.Day(0, Make.Drift("amount", 0.15));
        run.Day(1, Make.Drift("amount", 0.15));
        Assert.Equal(Severity.Warning, run.Only!.Severity);
        var key = run.Only.Key;
        run.Day(2, Make.Drift("amount", 0.45));
        Assert.Equal((key, Severity.Critical), (run.Only.Key, run.Only.Severity));
        run.Day(3, Make.Drift("amount", 0.15));
        run.Day(4, Make.Drift("amount", 0.15));
        Assert.Equal(Severity.Warning, run.Only.Severity);
        run.Day(5, Make.Drift("amount", 0.45));
        Assert.Equal([NoticeReason.Firing, NoticeReason.Escalation], run.Notices.Select(n => n.Reason));
        for (var day = 6; day < 9; day++) run.Day(day, Make.Drift("amount", 0));
        Assert.Equal(NoticeReason.Resolved, run.Notices[^1].Reason);
        Assert.Equal(3, run.Notices.Count);
    }

    [Fact]
    public void Silence_is_heard()
    {
        var run = new Run(Make.Rules(""" "silence": { "measure": "rows", "below": 1, "no_data": "alert", "for": "2 of 2", "severity": "critical" } """));
        run.Day(0, Make.Rows(100));
        run.Judge(Make.Day(1) with { Rows = 0 });
        Assert.Equal(AlertStatus.Pending, run.Only!.Status);
        run.Day(2, Make.Rows(0));
        Assert.Equal("fraud v3: no rows (alert under 1), since 2026-11-20 (2 of 2 days).", run.Notices.Single().Text);
        run.Day(3, Make.Rows(100));
        Assert.Equal(AlertStatus.Resolved, run.Notices[^1].Status);
    }

    [Fact]
    public void Traffic_past_the_sunset_is_told_unless_the_policy_says_otherwise()
    {
        Window Of(int day, long rows = 100) => Make.Day(day) with { Rows = rows, Tags = new Dictionary<string, string> { [OwnReadings.SunsetTag] = "2026-11-21" } };
        var run = new Run(Policy.Default);
        for (var day = 0; day < 3; day++) run.Judge(Of(day));
        Assert.Empty(run.Notices);
        run.Judge(Of(3));
        Assert.Equal("fraud v3: traffic past its sunset, 1 day ago, 100 rows, since 2026-11-22 (1 of 1 days).", run.Notices.Single().Text);
        var other = new Run(Make.Rules(""" "sunset": { "measure": "sunset_days", "above": 30 } """));
        other.Judge(Of(3));
        Assert.Empty(other.Notices);
    }

    [Fact]
    public void A_rule_that_minds_hears_of_readings_that_never_came()
    {
        var run = new Run(Make.Rules(""" "performance": { "measure": "f1", "below": 0.5, "no_data": "alert" }, "error": { "measure": "ks", "above": 1, "on_error": "alert" } """));
        run.Day(0, Make.Drift("amount", double.NaN, status: ReadingStatus.Failed) with { Detail = new ReadingDetail { Reason = "overflow" } });
        Assert.Equal("fraud v3: ks of amount could not be computed (overflow), 18,240 rows, since 2026-11-19 (1 of 1 days).\nfraud v3: no data for f1, since 2026-11-19 (1 of 1 days).",
            string.Join('\n', run.States.Current.Select(a => a.Text).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_revision_that_brings_only_truth_is_not_silence()
    {
        var run = new Run(Make.Rules(""" "silence": { "measure": "rows", "below": 1, "no_data": "alert" } """));
        run.Day(0, Make.Rows(100));
        Assert.Empty(run.Judge(Make.Day(0, 1), new Reading { Measure = "f1", Kind = ReadingKind.Performance, Value = 0.9, Rows = 10 }).Breaches);
    }

    [Fact]
    public void An_alert_whose_column_is_gone_or_whose_rule_was_taken_out_ends()
    {
        var run = new Run(Make.Rules(TwoOfThree, "\"repeat\": \"00:00:00\""));
        for (var day = 0; day < 2; day++) run.Day(day, Make.Drift("amount", 0.3), Make.Drift("age", 0.3));
        for (var day = 2; day < 12; day++) run.Day(day, Make.Drift("age", 0.3));
        Assert.Equal(["age"], run.States.Current.Select(a => a.Column));
        Assert.Equal(AlertStatus.Resolved, run.Notices[^1].Status);
        run.Policy = Make.Rules(""" "schema": { "measure": "violation_rate", "above": 0.01 } """);
        run.Day(12);
        Assert.Empty(run.States.Alerts);
        Assert.Equal("fraud v3: age is no longer judged; it fired since 2026-11-19.", run.Notices[^1].Text);
    }

    [Fact]
    public void An_improvement_is_a_warning_and_stays_one_until_something_becomes_worse()
    {
        var run = new Run(Make.Rules(""" "performance": { "measure": "performance", "outside": "reference", "clear_for": 2, "severity": "critical" } """));
        static Reading Rmse(double value) => new()
        {
            Measure = "rmse", Kind = ReadingKind.Performance, Value = value, ReferenceValue = 100, Rows = 1000,
            Detail = new ReadingDetail { Numbers = [new(ReadingLimits.Lower, 90), new(ReadingLimits.Upper, 110)] },
        };
        Alert Now() => Assert.Single(run.States.Alerts).Value.Alert;
        run.Day(0, Rmse(80));
        Assert.Equal((AlertStatus.Firing, Severity.Warning), (Now().Status, Now().Severity));
        Assert.Contains("rmse improved to 80.00", Now().Text, StringComparison.Ordinal);
        run.Day(1, Rmse(100));
        Assert.Equal((AlertStatus.Firing, Severity.Warning), (Now().Status, Now().Severity));
        run.Day(2, Rmse(150));
        Assert.Equal((AlertStatus.Firing, Severity.Critical), (Now().Status, Now().Severity));
        run.Day(3, Rmse(100));
        Assert.Equal(Severity.Critical, Now().Severity);
    }

    [Fact]
    public void Limits_that_a_reading_carries_decide_where_a_rule_says_outside()
    {
        var run = new Run(Make.Rules(""" "performance": { "measure": "performance", "outside": "reference" }, "sla": { "measure": ["p99_ms", "throughput_rps"], "outside": "sla" } """));
        static Reading With(string measure, double value, ReadingKind kind, params (string Name, double Value)[] numbers) => new()
        {
            Measure = measure, Kind = kind, Value = value, Rows = 1000,
            Detail = new ReadingDetail { Numbers = [.. numbers.Select(n => KeyValuePair.Create(n.Name, n.Value))] },
        };
        var judged = run.Day(0,
            With("f1", 0.7, ReadingKind.Performance, (ReadingLimits.Lower, 0.8), (ReadingLimits.Upper, 0.9)),
            With("auc", 0.7, ReadingKind.Performance),
            With("estimated_auc", 0.1, ReadingKind.Performance, (ReadingLimits.Lower, 0.8)),
            With("p99_ms", 61, ReadingKind.Service, (ReadingLimits.Sla, 50)),
            With("throughput_rps", 61, ReadingKind.Service, (ReadingLimits.Sla, 50)));
        Assert.Equal([("f1", 0.8), ("p99_ms", 50)], judged.Breaches.Select(b => (b.Measure, b.Threshold)));
        Assert.Equal("fraud v3: f1 0.70 (alert outside 0.80..0.90), 1,000 rows, since 2026-11-19 (1 of 1 days).\nfraud v3: p99_ms 61.00 (service level at most 50.00), 1,000 rows, since 2026-11-19 (1 of 1 days).",
            string.Join('\n', run.Notices.Single().Alerts.OrderBy(a => a.Measure, StringComparer.Ordinal).Select(a => a.Text)));
    }

    [Fact]
    public void Limits_of_the_reference_count_windows_of_one_measure_on_one_side()
    {
        static Reading Beyond(string measure, double value, string? of = null) => new()
        {
            Measure = measure, Kind = ReadingKind.Performance, Value = value, ReferenceValue = 0.8, Rows = 1000,
            Detail = new ReadingDetail { Class = of, Numbers = [new("threshold_lower", 0.7), new("threshold_upper", 0.9)] },
        };
        const string rule = """ "performance": { "measure": "performance", "outside": "reference", "for": "2 of 3", "severity": "critical" } """;
        var others = new Run(Make.Rules(rule));
        others.Day(0, Beyond("f1", 0.6), Beyond("auc", 0.8));
        others.Day(1, Beyond("f1", 0.8), Beyond("auc", 0.6));
        others.Day(2, Beyond("f1", 0.95), Beyond("f1", 0.6, "yes"), Beyond("auc", 0.8));
        Assert.Equal(AlertStatus.Pending, others.Only!.Status);
        Assert.Empty(others.Notices);
        var same = new Run(Make.Rules(rule));
        same.Day(0, Beyond("f1", 0.6), Beyond("auc", 0.8));
        same.Day(1, Beyond("f1", 0.8), Beyond("auc", 0.6));
        same.Day(2, Beyond("f1", 0.6), Beyond("auc", 0.8));
        Assert.Equal((AlertStatus.Firing, 2), (same.Only!.Status, same.Only.Breached));
        Assert.Contains("(2 of 3 days)", same.Notices.Single().Text, StringComparison.Ordinal);
    }
}
