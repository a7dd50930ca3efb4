using System.Globalization;
using System.Text.Json.Nodes;

namespace Drift.Worker.Tests.Browser;

/// <summary>Every page of a running demo in a real browser, in both themes and at both widths, compared with what the HTTP interface says.</summary>
public sealed class DashboardWalkTests(RunningDemo demo) : IClassFixture<RunningDemo>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static readonly (string Name, string Path, string Says)[] pages =
    [
        ("home", "/", "At a glance"), ("model", "/models/credit", "Columns over time"), ("column", "/models/credit?version=7&column=currency", "Distribution then and now"),
        ("quality", "/models/credit/quality", "Rates of every column"), ("performance", "/models/credit/performance", "Realised and estimated"), ("versions", "/models/credit/versions", "Versions seen"),
        ("alerts", "/alerts", "Firing"), ("policy", "/policy", "Try another one"), ("operations", "/operations", "Partitions"), ("error", "/models/none", "there is no model 'none'"),
    ];

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Every_page_can_be_used_by_everybody_and_asks_nobody_else(int width, int height, bool dark)
    {
        var browser = await demo.BrowserAsync();
        foreach (var (name, path, says) in pages)
        {
            await using var page = await browser.PageAsync(width, height, dark, Cancel);
            await page.GoAsync(new Uri(demo.Address, path), Cancel);
            Assert.Contains(says, await page.TextAsync(Cancel), StringComparison.OrdinalIgnoreCase);
            if (name != "error") await Audit.CheckAsync(page, demo.Address, $"{name}-{width}-{(dark ? "dark" : "light")}");
        }
    }

    [Fact]
    public async Task The_first_alert_has_the_sentence_of_the_console_and_leads_to_a_report()
    {
        var browser = await demo.BrowserAsync();
        var alerts = (await demo.ApiAsync("/api/v1/alerts?state=firing")).AsArray();
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(demo.Address, Cancel);
        var first = (string)(await page.AskAsync("document.querySelector('.alerts .what').textContent", Cancel))!;
        var (column, said) = ((string)alerts[0]!["column"]!, demo.Said.First(l => l.StartsWith("ALERT ", StringComparison.Ordinal)));
        var link = said[said.IndexOf("http://", StringComparison.Ordinal)..];
        Assert.Equal($"ALERT critical: {first} {link}", said);
        Assert.EndsWith((string)alerts[0]!["history"]!.AsArray().Last(h => (string)h!["to"]! == "firing")!["text"]!, said, StringComparison.Ordinal);
        Assert.Equal(new Uri(link).PathAndQuery, (string)(await page.AskAsync("document.querySelector('.alerts .what').getAttribute('href')", Cancel))!);
        // From the console by its link to the column, and on to the report.
        await page.GoAsync(new Uri(link), Cancel);
        Assert.Contains(column, (string)(await page.AskAsync("document.querySelector('#column').textContent", Cancel))!, StringComparison.Ordinal);
        await page.LeadsOnAsync("[...document.querySelectorAll('a')].find(a => a.textContent.startsWith('Report of')).click()", Cancel);
        Assert.Equal("Drift report", (string)(await page.AskAsync("document.querySelector('h1').textContent", Cancel))!);
        Assert.Equal(0, (int)(await page.AskAsync("document.scripts.length", Cancel))!);
        Assert.Empty(page.Complaints);
        var report = new Uri((string)(await page.AskAsync("location.href", Cancel))!);
        foreach (var (width, dark) in ((int, bool)[])[(1000, false), (1000, true), (390, false)])
        {
            await using var alone = await browser.PageAsync(width, 900, dark, Cancel);
            await alone.GoAsync(report, Cancel);
            await Audit.PictureAsync(alone, $"report-{width}-{(dark ? "dark" : "light")}");
            Assert.True((bool)(await alone.AskAsync("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1", Cancel))!, $"the report is wider than {width}");
            Assert.Equal([report.AbsoluteUri], alone.Requests);
            Assert.Empty(alone.Complaints);
        }
    }

    [Fact]
    public async Task The_map_has_the_values_of_the_interface()
    {
        var browser = await demo.BrowserAsync();
        var windows = (await demo.ApiAsync("/api/v1/models/credit/windows")).AsArray();
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(new Uri(demo.Address, "/models/credit"), Cancel);
        var heads = (await page.AskAsync("[...document.querySelectorAll('.map thead th[data-start]')].map(h => h.dataset.start)", Cancel))!.AsArray().Select(n => (string)n!).ToList();
        Assert.Equal(windows.Reverse().Select(w => (string)w!["start"]!), heads);
        var rows = (await page.AskAsync("[...document.querySelectorAll('.map tbody tr')].map(r => [r.querySelector('th').textContent, ...[...r.querySelectorAll('td')].map(d => d.className.split(' ')[0] + '=' + d.textContent)])", Cancel))!.AsArray();
        var columns = windows[0]!["readings"]!.AsArray().Where(r => (string)r!["measure"]! == "psi_corrected").Select(r => (string)r!["column"]!).ToHashSet();
        Assert.Superset(columns, rows.Select(r => (string)r![0]!).ToHashSet());
        foreach (var row in rows)
            for (var i = 0; i < heads.Count; i++)
            {
                var reading = windows[heads.Count - 1 - i]!["readings"]!.AsArray().FirstOrDefault(r => (string)r!["measure"]! == "psi_corrected" && (string)r["column"]! == (string)row![0]! && (string)r["segment"]! == "");
                var (sign, text) = ((string)row![i + 1]!).Split('=') is [var a, var b] ? (a, b) : ("", "");
                if (reading is null || reading["value"]!.GetValueKind() != System.Text.Json.JsonValueKind.Number) Assert.Equal("-", text);
                else
                {
                    Assert.InRange(double.Parse(text, CultureInfo.InvariantCulture), (double)reading["value"]! - .0051 - (((double)reading["value"]! >= 10) ? .5 : Math.Max(0, -(double)reading["value"]!)), Math.Max(0, (double)reading["value"]!) + .51 * (((double)reading["value"]! >= 10) ? 1 : .01));
                    Assert.Equal((string)reading["verdict"]! switch { "critical" => "x", "warning" => "w", _ => "" }, sign is "x" or "w" ? sign : "");
                }
            }
        // A cell leads to its column in its window.
        await page.LeadsOnAsync("document.querySelectorAll('.map tbody tr')[0].cells[2].click()", Cancel);
        Assert.Contains(heads[1][..10], (string)(await page.AskAsync("document.querySelector('#column').textContent", Cancel))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operating_view_has_the_counts_of_the_interface()
    {
        var browser = await demo.BrowserAsync();
        var sources = (await demo.ApiAsync("/api/v1/sources")).AsArray();
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(new Uri(demo.Address, "/operations"), Cancel);
        var shown = (await page.AskAsync("[...document.querySelectorAll('.facts div')].map(d => [d.querySelector('dt').textContent, d.querySelector('dd').textContent])", Cancel))!.AsArray().ToDictionary(d => (string)d![0]!, d => (string)d![1]!);
        string Sum(string member) => sources.Sum(s => (long)s![member]!).ToString("N0", CultureInfo.InvariantCulture);
        Assert.Equal((Sum("records"), Sum("rows"), Sum("late")), (shown["records read"], shown["rows in windows"], shown["late"]));
        Assert.Equal(sources.Count, (int)(await page.AskAsync("document.querySelectorAll('main table')[0].tBodies[0].rows.length", Cancel))!);
    }

    [Fact]
    public async Task The_keyboard_goes_through_in_reading_order_and_is_always_seen()
    {
        var browser = await demo.BrowserAsync();
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(new Uri(demo.Address, "/models/credit"), Cancel);
        var order = new List<string>();
        for (var i = 0; i < 14; i++)
        {
            await page.PressAsync("Tab", 9, Cancel);
            order.Add((string)(await page.AskAsync("(e => { const s = getComputedStyle(e); return (parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none' ? '' : 'NO OUTLINE ') + e.textContent.trim(); })(document.activeElement)", Cancel))!);
        }
        Assert.Equal(["Skip to content", "Drift", "Models", "Alerts", "Policy", "Operations", "Models", "Columns", "Data quality", "Performance", "Versions"], order.Take(11));
        Assert.DoesNotContain(order, o => o.StartsWith("NO OUTLINE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_says_what_the_policy_would_have_raised()
    {
        var browser = await demo.BrowserAsync();
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(new Uri(demo.Address, "/policy"), Cancel);
        using var answer = await demo.Client.PostAsync(new Uri("/api/v1/policy/dryrun", UriKind.Relative), new StringContent((string)(await page.AskAsync("document.querySelector('textarea').value", Cancel))!), Cancel);
        var expected = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        await page.LeadsOnAsync("document.querySelector('form[action=\"/policy\"] button').click()", Cancel);
        Assert.StartsWith($"{expected["raised"]!.AsArray().Count} alerts in {expected["windows"]} windows", (string)(await page.AskAsync("document.querySelector('[aria-labelledby=result] [role=status]').textContent", Cancel))!, StringComparison.Ordinal);
        await Audit.CheckAsync(page, demo.Address, "policy-dryrun");
        await page.AskAsync("document.querySelector('textarea').value = '{\"rules\":{\"a\":{\"measure\":\"psy\",\"above\":1}}}'", Cancel);
        await page.LeadsOnAsync("document.querySelector('form[action=\"/policy\"] button').click()", Cancel);
        Assert.Contains("psy", (string)(await page.AskAsync("document.querySelector('[role=alert]').textContent", Cancel))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_renews_itself_when_a_window_is_judged()
    {
        var browser = await demo.BrowserAsync();
        var store = Web.WebFixture.Filled();
        await using var web = await Web.WebFixture.StartAsync(store);
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(new Uri(web.Server.Address, "/models/fraud?version=3"), Cancel);
        await page.UntilAsync("document.getElementById('live').textContent === 'live'", Cancel);
        await page.AskAsync("window.same = true; document.querySelector('.map a').focus()", Cancel);
        Assert.False((bool)(await page.AskAsync("document.querySelector('.map').textContent.includes('11-06')", Cancel))!);
        Web.WebFixture.Judge(store, day: 5);
        await page.UntilAsync("document.querySelector('.map').textContent.includes('11-06')", Cancel);
        Assert.True((bool)(await page.AskAsync("window.same === true && document.activeElement.matches('.map a')", Cancel))!, "the page was loaded anew, or the focus was lost");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task An_alert_is_taken_on_and_silenced_by_hand()
    {
        var browser = await demo.BrowserAsync();
        await using var web = await Web.WebFixture.StartAsync();
        await using var page = await browser.PageAsync(390, 844, true, Cancel);
        await page.GoAsync(new Uri(web.Server.Address, "/alerts"), Cancel);
        static string Send(string form, string more) => $"(f => {{ f.closest('details').open = true; f.author.value = 'Ada'; f.reason.value = 'a <b>new</b> feed'; {more} f.querySelector('button').click(); }})(document.querySelector('form[action$=\"/{form}\"]'))";
        await page.LeadsOnAsync(Send("ack", ""), Cancel);
        Assert.Contains("Taken on by Ada", await page.TextAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("a <b>new</b> feed", await page.TextAsync(Cancel), StringComparison.Ordinal);
        await page.LeadsOnAsync(Send("silence", "f.what.value = 'model'; f.for.value = '4';"), Cancel);
        Assert.Contains("Silences (1)", await page.TextAsync(Cancel), StringComparison.Ordinal);
        var silence = Assert.Single(JsonNode.Parse((await web.GetAsync("/api/v1/silences")).Body)!.AsArray())!;
        Assert.Equal(("Ada", "active"), ((string)silence["author"]!, (string)silence["state"]!));
        await Audit.CheckAsync(page, web.Server.Address, "alerts-silenced");
        await page.LeadsOnAsync("document.querySelector('form[action$=\"/end\"] button').click()", Cancel);
        Assert.Contains("Nothing is silenced", await page.TextAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_biggest_map_is_drawn_and_can_be_used()
    {
        var browser = await demo.BrowserAsync();
        await using var web = await Web.WebFixture.StartAsync(Web.HeatMapTests.Wide());
        await using var page = await browser.PageAsync(1280, 900, false, Cancel);
        await page.GoAsync(new Uri(web.Server.Address, "/models/fraud?version=3&windows=200"), Cancel);
        Assert.Equal(20_000, (int)(await page.AskAsync("document.querySelectorAll('.map td').length", Cancel))!);
        Assert.Empty(page.Complaints);
    }
}
