using System.IO.Compression;
using System.Text.Json;
using Drift.Recipes;
using Drift.Tests;

namespace Drift.Core.Tests.Measures;

/// <summary>The numbers that NannyML's own tests assert, every case of expected_nannyml_methods.</summary>
public sealed class NannyMethodsTests
{
    static readonly Dictionary<string, Func<JsonElement, double>> claims = new()
    {
        ["nm_js_cont"] = c => NannyML.Js(c.Doubles("reference"), c.Doubles("current")),
        ["nm_js_cat"] = c => Counts(c) is var (r, s) ? NannyML.Js(r, s) : 0,
        ["nm_hell_no"] = c => NannyML.Hellinger(c.Doubles("reference"), c.Doubles("current")),
        ["nm_hell_quasi"] = c => NannyML.Hellinger(c.Doubles("reference"), c.Doubles("current")),
        ["nm_linf_new"] = c => Counts(c) is var (r, s) ? Divergence.LInfinity(r, s) : 0,
    };

    [Fact]
    public void Every_case_of_expected_nannyml_methods()
    {
        using var file = new GZipStream(File.OpenRead(TestData.Path("expected_nannyml_methods.json.gz")), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(file);
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Equal(claims.Keys, cases.Select(c => c.Id()));
        foreach (var one in cases) Assert.Equal(one.Double("expected"), Math.Round(claims[one.Id()](one), one.GetProperty("round_digits").GetInt32()));
    }

    static (long[] Reference, long[] Current) Counts(JsonElement c)
    {
        string[] Values(string side) => [.. c.GetProperty(side).EnumerateArray().Select(v => v.ToString())];
        string[] reference = Values("reference"), current = Values("current"), keys = [.. reference.Concat(current).Distinct()];
        return ([.. keys.Select(k => (long)reference.Count(v => v == k))], [.. keys.Select(k => (long)current.Count(v => v == k))]);
    }
}
