using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Drift.Worker.Tests.Browser;

/// <summary>The dashboard in a real browser: every page in both themes and at both widths, and what a person does with it.</summary>
[Collection(nameof(RunningDemo))]
public sealed class DashboardWalkTests(RunningDemo demo)
{
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
            await using var page = await browser.PageAsync(width, height, dark);
            await page.GoAsync(demo.Address, path);
            await Expect(page.Page.Locator("main")).ToContainTextAsync(says);
            var picture = $"{name}-{width}-{(dark ? "dark" : "light")}";
            // A page that is not there is a complaint of the browser itself.
            if (name == "error") await Audit.PictureAsync(page, picture);
            else await Audit.CheckAsync(page, demo.Address, picture);
        }
    }

    [Fact]
    public async Task The_first_alert_has_the_sentence_of_the_console_and_leads_to_a_report()
    {
        var browser = await demo.BrowserAsync();
        var alert = (await demo.ApiAsync("/api/v1/alerts?state=firing")).AsArray()[0]!;
        await using var page = await browser.PageAsync();
        await page.GoAsync(demo.Address);
        var first = page.Page.Locator(".alerts .what").First;
        var said = demo.Said.First(l => l.StartsWith("ALERT ", StringComparison.Ordinal));
        var link = new Uri(said[said.IndexOf("http://", StringComparison.Ordinal)..]);
        Assert.Equal($"ALERT critical: {await first.TextContentAsync()} {link}", said);
        Assert.EndsWith((string)alert["history"]!.AsArray().Last(h => (string)h!["to"]! == "firing")!["text"]!, said, StringComparison.Ordinal);
        await Expect(first).ToHaveAttributeAsync("href", link.PathAndQuery);
        // By its link to the column, and on to the report.
        await first.ClickAsync();
        await Expect(page.Page.Locator("#column")).ToContainTextAsync((string)alert["column"]!);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Report of the whole window" }).ClickAsync();
        await Expect(page.Page.Locator("h1")).ToHaveTextAsync("Drift report");
        Assert.Equal(0, (int)(await page.AskAsync("document.scripts.length"))!);
        Assert.Empty(page.Complaints);
        var report = new Uri(page.Page.Url);
        foreach (var (width, dark) in ((int, bool)[])[(1000, false), (1000, true), (390, false), (390, true)])
        {
            await using var alone = await browser.PageAsync(width, 900, dark);
            await alone.GoAsync(report, report.PathAndQuery);
            await Audit.PictureAsync(alone, $"report-{width}-{(dark ? "dark" : "light")}");
            Assert.True((bool)(await alone.AskAsync("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"))!, $"the report is wider than {width}");
            Assert.Equal([report.AbsoluteUri], alone.Requests);
            Assert.Empty(alone.Complaints);
        }
    }

    [Fact]
    public async Task The_keyboard_goes_through_in_reading_order_and_is_always_seen()
    {
        await using var page = await (await demo.BrowserAsync()).PageAsync();
        await page.GoAsync(demo.Address, "/models/credit");
        var order = new List<string>();
        for (var i = 0; i < 14; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            order.Add((string)(await page.AskAsync("(e => { const s = getComputedStyle(e); return (parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none' ? '' : 'NO OUTLINE ') + e.textContent.trim(); })(document.activeElement)"))!);
        }
        Assert.Equal(["Skip to content", "Drift", "Models", "Alerts", "Policy", "Operations", "Models", "Columns", "Data quality", "Performance", "Versions"], order.Take(11));
        Assert.DoesNotContain(order, o => o.StartsWith("NO OUTLINE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_renews_itself_when_a_window_is_judged()
    {
        var browser = await demo.BrowserAsync();
        var store = Web.WebFixture.Filled();
        await using var web = await Web.WebFixture.StartAsync(store);
        await using var page = await browser.PageAsync();
        await page.GoAsync(web.Server.Address, "/models/fraud?version=3");
        await Expect(page.Page.Locator("#live")).ToHaveTextAsync("live");
        await page.AskAsync("void (window.same = true)");
        await page.Page.Locator(".map a").First.FocusAsync();
        await Expect(page.Page.Locator(".map")).Not.ToContainTextAsync("11-06");
        Web.WebFixture.Judge(store, day: 5);
        await Expect(page.Page.Locator(".map")).ToContainTextAsync("11-06", new() { Timeout = 60_000 });
        Assert.True((bool)(await page.AskAsync("window.same === true && document.activeElement.matches('.map a')"))!, "the page was loaded anew, or the focus was lost");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task An_alert_is_taken_on_and_silenced_by_hand()
    {
        var browser = await demo.BrowserAsync();
        await using var web = await Web.WebFixture.StartAsync();
        await using var page = await browser.PageAsync(390, 844, dark: true);
        await page.GoAsync(web.Server.Address, "/alerts");
        ILocator Form(string name) => page.Page.Locator($"form[aria-label={name}]").First;
        async Task FillAsync(string name)
        {
            await page.Page.Locator($"details:has(form[aria-label={name}]) summary").First.ClickAsync();
            await Form(name).Locator("[name=author]").FillAsync("Ada");
            await Form(name).Locator("[name=reason]").FillAsync("a <b>new</b> feed");
        }
        await FillAsync("Acknowledge");
        await Form("Acknowledge").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Page.Locator("main")).ToContainTextAsync("Taken on by Ada");
        await Expect(page.Page.Locator("main")).ToContainTextAsync("a <b>new</b> feed");
        await FillAsync("Silence");
        await Form("Silence").Locator("[name=what]").SelectOptionAsync("model");
        await Form("Silence").Locator("[name=for]").SelectOptionAsync("4");
        await Form("Silence").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Page.Locator("#silences")).ToHaveTextAsync("Silences (1)");
        var silence = Assert.Single(JsonNode.Parse((await web.GetAsync("/api/v1/silences")).Body)!.AsArray())!;
        Assert.Equal(("Ada", "active"), ((string)silence["author"]!, (string)silence["state"]!));
        await Audit.CheckAsync(page, web.Server.Address, "alerts-silenced");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "End it now" }).ClickAsync();
        await Expect(page.Page.Locator("main")).ToContainTextAsync("Nothing is silenced");
    }

    [Fact]
    public async Task The_biggest_map_is_drawn_and_can_be_used()
    {
        var browser = await demo.BrowserAsync();
        await using var web = await Web.WebFixture.StartAsync(Web.HeatMapTests.Wide());
        await using var page = await browser.PageAsync();
        await page.GoAsync(web.Server.Address, "/models/fraud?version=3&windows=200");
        Assert.Equal(20_000, await page.Page.Locator(".map td").CountAsync());
        Assert.Empty(page.Complaints);
    }
}
