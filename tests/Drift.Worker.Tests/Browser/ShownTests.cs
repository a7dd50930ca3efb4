using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Drift.Worker.Tests.Browser;

/// <summary>What every page of a running demo shows is what the HTTP interface says.</summary>
[Collection(nameof(RunningDemo))]
public sealed class ShownTests(RunningDemo demo)
{
    static readonly string api = "/api/v1/models/credit/windows";

    async Task<(BrowserPage Page, List<JsonNode> Windows)> OpenAsync(string path)
    {
        var page = await (await demo.BrowserAsync()).PageAsync();
        await page.GoAsync(demo.Address, path);
        return (page, [.. (await demo.ApiAsync(api)).AsArray().Select(w => w!)]);
    }

    static List<JsonNode> Readings(JsonNode window, string column = "", string? measure = null) =>
        [.. window["readings"]!.AsArray().Select(r => r!).Where(r => (string)r["segment"]! == "" && (string)r["column"]! == column && (measure is null || (string)r["measure"]! == measure))];

    static double? Value(JsonNode? reading, string member = "value") => reading?[member] is { } value && value.GetValueKind() == JsonValueKind.Number ? (double)value : null;

    static string Day(JsonNode window) => ((string)window["start"]!)[..10];

    static string Whole(JsonNode? number) => ((long)number!).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A text that stands for a number: rounded by at most half of its last place; a dash for none.</summary>
    static void Shows(double? value, string text, string where)
    {
        if (value is null || double.IsNaN(value.Value)) Assert.Equal((where, "-"), (where, text));
        else
        {
            var percent = text.EndsWith('%');
            var plain = text.TrimEnd('%', ' ').Replace(",", "", StringComparison.Ordinal);
            var last = Math.Pow(10, -(plain.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? plain.Length - dot - 1 : percent ? 1 : 0));
            Assert.True(double.TryParse(plain, CultureInfo.InvariantCulture, out var shown) && Math.Abs(shown - value.Value * (percent ? 100 : 1)) <= last / 2 + 1e-9, $"{where}: {text} stands for {value}");
        }
    }

    [Fact]
    public async Task The_first_page()
    {
        var (page, windows) = await OpenAsync("/");
        await using var _ = page;
        var (models, firing, pending) = ((await demo.ApiAsync("/api/v1/models")).AsArray(), (await demo.ApiAsync("/api/v1/alerts?state=firing")).AsArray(), (await demo.ApiAsync("/api/v1/alerts?state=pending")).AsArray());
        Assert.Equal(new Dictionary<string, string> { ["models"] = $"{models.Count}", ["alerts firing"] = $"{firing.Count}", ["pending"] = $"{pending.Count}" }, await page.FactsAsync());
        Assert.Equal(firing.Select(Told), await page.TextsAsync(".alerts .what"));
        var last = models[0]!["last_window"]!;
        var moved = windows[^1]["readings"]!.AsArray().Where(r => (string)r!["column"]! != "").GroupBy(r => (string)r!["column"]!).ToList();
        var card = Assert.Single(await page.TextsAsync(".cards > .card"));
        foreach (var text in (string[])[$"Version {last["version"]}", Day(last), $"{Whole(last["rows"])} rows", $"{moved.Count(c => c.Any(r => (string)r!["verdict"]! is "warning" or "critical"))} of {moved.Count} columns moved"]) Assert.Contains(text, card, StringComparison.Ordinal);
    }

    /// <summary>The sentence that people were told, without the address at its end.</summary>
    static string Told(JsonNode? alert)
    {
        var text = (string)alert!["history"]!.AsArray().Last(h => (string)h!["to"]! == "firing")!["text"]!;
        return text[..text.IndexOf(" http://", StringComparison.Ordinal)];
    }

    [Fact]
    public async Task The_map_of_a_model()
    {
        var (page, windows) = await OpenAsync("/models/credit");
        await using var _ = page;
        var heads = await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.map thead th[data-start]')].map(h => h.dataset.start)");
        Assert.Equal(windows.AsEnumerable().Reverse().Select(w => (string)w["start"]!), heads);
        var model = (await demo.ApiAsync("/api/v1/models")).AsArray()[0]!;
        var head = await page.Page.Locator("h1 + p").InnerTextAsync();
        foreach (var text in (string[])[$"Version {model["last_window"]!["version"]}", (string)model["reference"]!, Day(model["last_window"]!), Whole(model["last_window"]!["rows"])]) Assert.Contains(text, head, StringComparison.Ordinal);
        var rows = await page.Page.EvaluateAsync<string[][]>("[...document.querySelectorAll('.map tbody tr')].map(r => [r.cells[0].textContent, ...[...r.cells].slice(1).map(d => d.className.split(' ')[0] + '=' + d.textContent)])");
        Assert.Equal(windows[0]["readings"]!.AsArray().Where(r => (string)r!["measure"]! == "psi_corrected").Select(r => (string)r!["column"]!).Order(), rows.Select(r => r[0]).Order());
        foreach (var row in rows)
            for (var i = 0; i < heads.Length; i++)
            {
                var reading = Readings(windows[^(i + 1)], row[0], "psi_corrected").FirstOrDefault();
                var cell = row[i + 1].Split('=');
                // What is no further away than noise is shown as none.
                Shows(Value(reading) is { } value ? Math.Max(0, value) : null, cell[1], $"{row[0]} {heads[i]}");
                Assert.Equal((string?)reading?["verdict"] switch { "critical" => "x", "warning" => "w", _ => "" }, cell[0] is "x" or "w" ? cell[0] : "");
            }
        // A cell leads to its column in its window.
        await page.Page.Locator(".map tbody tr").First.Locator("td").Nth(1).ClickAsync();
        await Expect(page.Page.Locator("#column")).ToContainTextAsync(heads[1][..10]);
    }

    [Fact]
    public async Task A_column()
    {
        var drifted = (string)(await demo.ApiAsync("/api/v1/alerts?state=firing")).AsArray()[0]!["column"]!;
        var (page, windows) = await OpenAsync($"/models/credit?column={drifted}");
        await using var _ = page;
        var curve = await page.TableAsync("psi above noise by window (UTC)");
        Assert.Equal(windows.Select(Day), curve.Select(r => r[0][..10]));
        for (var i = 0; i < windows.Count; i++)
        {
            Shows(Value(Readings(windows[i], drifted, "psi_corrected").Single()), curve[i][1], $"psi {curve[i][0]}");
            if (curve[i].Length > 2) Shows(Value(Readings(windows[i], drifted, "ks").FirstOrDefault()), curve[i][2], $"ks {curve[i][0]}");
        }
        var own = Readings(windows[^1], drifted);
        var shown = await page.TableAsync("All readings of this column");
        Assert.Equal(own.Select(r => (string)r["measure"]!), shown.Select(r => r[0]));
        foreach (var (reading, row) in own.Zip(shown))
        {
            Shows(Value(reading), row[1], row[0]);
            Shows(Value(reading, "reference_value"), row[2], $"{row[0]} of the reference");
            Assert.Equal(Whole(reading["rows"]), row[4]);
            if ((string)reading["status"]! == "ok") Assert.Contains((string)reading["verdict"]!, row[5], StringComparison.Ordinal);
        }
        var cells = own.Single(r => (string)r["measure"]! == "psi")["detail"]!["cells"]!.AsArray();
        foreach (var (cell, row) in cells.Zip(await page.TableAsync("The cells that moved most")))
        {
            Assert.Equal((string)cell!["cell"]!, row[0]);
            Shows(Value(cell, "reference"), row[1], row[0]);
            Shows(Value(cell, "current"), row[2], row[0]);
        }
        Assert.NotEmpty(cells);
    }

    [Fact]
    public async Task Data_quality()
    {
        var (page, windows) = await OpenAsync("/models/credit/quality");
        await using var _ = page;
        Assert.Equal(windows.Select(w => (Day(w), Whole(w["rows"]))), (await page.TableAsync("rows by window (UTC)")).Select(r => (r[0][..10], r[1])));
        var heads = (await page.TextsAsync("[aria-labelledby=columns] thead th")).Skip(2).Select(h => h.Replace(' ', '_')).ToList();
        var rows = await page.TableAsync("Rates of every column, and in brackets the reference's; the worst first");
        Assert.Contains("missing_rate", heads);
        foreach (var row in rows)
            for (var i = 0; i < heads.Count; i++)
            {
                var reading = Readings(windows[^1], row[0], heads[i]).FirstOrDefault();
                var parts = row[i + 2].TrimEnd(')').Split(" (");
                Shows(Value(reading), parts[0], $"{row[0]} {heads[i]}");
                if (parts.Length > 1) Shows(Value(reading, "reference_value"), parts[1], $"{row[0]} {heads[i]} of the reference");
            }
        Assert.Equal(windows[^1]["readings"]!.AsArray().Where(r => (string)r!["measure"]! == "missing_rate").Select(r => (string)r!["column"]!).Order(), rows.Select(r => r[0]).Order());
    }

    [Fact]
    public async Task Performance_realised_and_estimated_with_the_coverage_of_labels()
    {
        var (page, windows) = await OpenAsync("/models/credit/performance");
        await using var _ = page;
        var coverage = await page.TableAsync("label coverage by window (UTC)");
        for (var i = 0; i < windows.Count; i++) Shows(Value(Readings(windows[i], "", "label_coverage").Single()), coverage[i][1], $"coverage {coverage[i][0]}");
        // Truth comes days late: the last windows have an estimate and nothing else.
        Assert.Equal(("1.000", "0.000"), (coverage[0][1], coverage[^1][1]));
        foreach (var measure in (string[])["auc", "f1", "brier", "log_loss"])
        {
            var values = await page.TableAsync($"{measure} by window (UTC)");
            Assert.Equal(windows.Select(Day), values.Select(r => r[0][..10]));
            for (var i = 0; i < windows.Count; i++)
            {
                Shows(Value(Readings(windows[i], "", measure).FirstOrDefault()), values[i][1], $"{measure} {values[i][0]}");
                Shows(Value(Readings(windows[i], "", "estimated_" + measure).FirstOrDefault()), values[i][2], $"estimated {measure} {values[i][0]}");
            }
            Assert.Equal("-", values[^1][1]);
            Assert.NotEqual("-", values[0][1]);
            Assert.DoesNotContain("-", values.Select(v => v[2]));
        }
    }

    [Fact]
    public async Task Versions()
    {
        var (page, _) = await OpenAsync("/models/credit/versions");
        await using var __ = page;
        var versions = (await demo.ApiAsync("/api/v1/models")).AsArray()[0]!["versions"]!.AsArray();
        Assert.Equal(
            versions.Select(v => ((string)v!["version"]!, Whole(v["windows"]), Day(v["last_window"]!), Whole(v["last_window"]!["rows"]), (string)v["reference"]!)),
            (await page.TableAsync("Versions, the newest first")).Select(r => (r[0], r[1], r[2][..10], r[3], r[4])));
    }

    [Fact]
    public async Task Alerts()
    {
        var (page, _) = await OpenAsync("/alerts");
        await using var __ = page;
        foreach (var state in (string[])["firing", "pending", "resolved"])
        {
            var alerts = (await demo.ApiAsync($"/api/v1/alerts?state={state}")).AsArray();
            var section = $"[aria-labelledby={state}]";
            Assert.EndsWith($"({alerts.Count})", Assert.Single(await page.TextsAsync($"{section} h2")), StringComparison.Ordinal);
            Assert.Equal(alerts.Select(a => $"alert-{a!["key"]}").Order(), (await page.Page.EvaluateAsync<string[]>($"[...document.querySelectorAll('{section} .alerts > li')].map(l => l.id)")).Order());
            if (state == "firing") Assert.Equal(alerts.Select(Told), await page.TextsAsync($"{section} .what"));
            foreach (var alert in alerts) Assert.Equal(alert!["history"]!.AsArray().Count, (await page.TextsAsync($"#h-{alert["key"]} li")).Count);
        }
    }

    [Fact]
    public async Task The_policy_and_a_dry_run_of_it()
    {
        var (page, _) = await OpenAsync("/policy");
        await using var __ = page;
        var policy = await demo.ApiAsync("/api/v1/policy");
        Assert.Equal((string)policy["hash"]!, Assert.Single(await page.TextsAsync("[aria-labelledby=active] code")));
        var rules = policy["document"]!["rules"]!.AsObject();
        // The document is the canonical one: sorted, and without what is the default.
        Assert.Equal(rules.Select(r => (r.Key, (string?)r.Value!["for"] ?? "1 of 1")).Order(), (await page.TableAsync("Rules")).Select(r => (r[0], r[3])).Order());
        using var answer = await demo.Client.PostAsync(new Uri("/api/v1/policy/dryrun", UriKind.Relative), new StringContent(await page.Page.Locator("textarea").InputValueAsync()), TestContext.Current.CancellationToken);
        var expected = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(page.Page.Locator("[aria-labelledby=result] [role=status]")).ToContainTextAsync($"{expected["raised"]!.AsArray().Count} alerts in {expected["windows"]} windows");
        await Audit.CheckAsync(page, demo.Address, "policy-dryrun");
        await page.Page.Locator("textarea").FillAsync("""{"rules":{"a":{"measure":"psy","above":1}}}""");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(page.Page.Locator("[role=alert]")).ToContainTextAsync("psy");
    }

    [Fact]
    public async Task Operations()
    {
        var (page, _) = await OpenAsync("/operations");
        await using var __ = page;
        var sources = (await demo.ApiAsync("/api/v1/sources")).AsArray();
        var facts = await page.FactsAsync();
        string Sum(string member) => sources.Sum(s => (long)s![member]!).ToString("N0", CultureInfo.InvariantCulture);
        Assert.Equal((Sum("records"), Sum("rows"), Sum("late")), (facts["records read"], facts["rows in windows"], facts["late"]));
        Assert.Equal(
            sources.Select(s => $"{s!["topic"]} {s["partition"]} {Whole(s["offset"])} {Whole(s["records"])} {Whole(s["rows"])} {Whole(s["late"])} {Whole(s["gaps"])} {s["owner"]}").Order(),
            (await page.TableAsync("Every partition, the slowest first; watermarks in UTC")).Select(r => $"{r[0]} {r[1]} {r[2]} {r[6]} {r[7]} {r[8]} {r[10]} {r[11]}").Order());
    }
}
