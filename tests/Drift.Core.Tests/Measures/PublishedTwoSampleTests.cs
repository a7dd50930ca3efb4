using System.Text.Json;
using Drift.Recipes;
using Drift.Tests;

namespace Drift.Core.Tests.Measures;

/// <summary>Numbers that other systems print in their own tests.</summary>
public sealed class PublishedTwoSampleTests
{
    /// <summary>What each case of expected_two_sample.json is, by its id. Null is a category of its own where the case says so.</summary>
    static readonly Dictionary<string, Func<JsonElement, double>> claims = new()
    {
        ["ev_chi2"] = c => OnCounts(c, (r, s) => Evidently.ChiSquare(r, s).PValue),
        ["ev_chi2_nan"] = c => OnCounts(c, (r, s) => Evidently.ChiSquare(r, s).PValue),
        ["ev_g"] = c => OnCounts(c, (r, s) => Evidently.GTest(r, s).PValue),
        ["ev_energy5"] = c => Wasserstein.Energy(c.Doubles("reference"), c.Doubles("current")),
        ["ev_t"] = c => TTest.Student(c.Doubles("reference"), c.Doubles("current")).PValue,
        ["ev_fisher1"] = c => OnCounts(c, (r, s) => Fisher.Test(r[0], r.Sum(), s[0], s.Sum()).PValue),
        ["ev_fisher3"] = c => OnCounts(c, (r, s) => Fisher.Test(r[0], r.Sum(), s[0], s.Sum()).PValue),
        ["dc_emd2"] = c => Deepchecks.EarthMover(c.Doubles("reference"), c.Doubles("current")),
        ["dc_cramer_null"] = c => OnCounts(c, (r, s) => Deepchecks.CramersV(r, s)),
        ["dc_cramer_const"] = c => OnCounts(c, (r, s) => Deepchecks.CramersV(r, s)),
        ["fr_chi2p"] = c => OnCounts(c, (r, s) => Contingency.ChiSquare(r, s, method: PValueMethod.Asymptotic).PValue),
        ["fr_energy"] = c => Wasserstein.Energy(c.Doubles("reference"), c.Doubles("current")),
        ["fr_kl"] = c => Frouros.Kl(c.Doubles("reference"), c.Doubles("current")),
        ["fr_psi"] = c => Frouros.Psi(c.Doubles("reference"), c.Doubles("current")),
        ["fr_bhat"] = c => Frouros.Bhattacharyya(c.Doubles("reference"), c.Doubles("current")),
        ["fr_hell_same"] = c => Frouros.Hellinger(c.Doubles("reference"), c.Doubles("current")),
    };

    [Fact]
    public void Every_case_of_expected_two_sample()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("expected_two_sample.json")));
        var failures = new List<string>();
        foreach (var published in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var id = published.Id();
            if (!claims.TryGetValue(id, out var claim)) failures.Add($"{id}: not claimed");
            else if (claim(published) is var actual && !Near.Holds(published.Double("expected"), actual, 0, published.Double("abs_tol")))
                failures.Add($"{id}: expected {published.Double("expected"):R}, got {actual:R}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>x = mean + std z, the numbers of Azure's own unit tests recomputed.</summary>
    [Fact]
    public void Every_case_of_expected_azure_drift()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("expected_azure_drift.json")));
        var z = Lines("datasets/azure_z_seed0.csv.gz");
        var failures = new List<string>();
        void Check(JsonElement c, string key, double actual, double relative = 1e-9, double absolute = 1e-7)
        {
            var expected = c.GetProperty(key);
            if (expected.ValueKind == JsonValueKind.Null) return;
            if (!Near.Holds(expected.Number(), actual, relative, absolute)) failures.Add($"{c.Id()} {key}: expected {expected.Number():R}, got {actual:R}");
        }

        foreach (var c in document.RootElement.GetProperty("numerical").EnumerateArray())
        {
            // Five cases sort 200,000 numbers several times over; one of them does for every day.
            if (c.GetProperty("x_n").GetInt32() == 100_000 && c.Id() != "2b" && Environment.GetEnvironmentVariable("DRIFT_CHAOS") != "1") continue;
            double[] x = [.. z.Take(c.GetProperty("x_n").GetInt32()).Select(v => c.Double("x_mean") + c.Double("x_std") * v)];
            double[] y = [.. z.Take(c.GetProperty("y_n").GetInt32()).Select(v => c.Double("y_mean") + c.Double("y_std") * v)];
            // The file divides by the deviation with ddof 0, as Azure's unit test does; Azure's product, and so the recipe, with ddof 1.
            Check(c, "normed_wasserstein", AzureML.WassersteinNormalised(x, y) * Math.Sqrt(x.Length / (x.Length - 1.0)));
            Check(c, "js_distance_base2", AzureML.Js(x, y));
            Check(c, "psi_laplace", AzureML.Psi(x, y));
            if (c.GetProperty("ks_pvalue").ValueKind != JsonValueKind.Null) Check(c, "ks_pvalue", KolmogorovSmirnov.Test(x, y).PValue, absolute: 0);
        }
        foreach (var c in document.RootElement.GetProperty("categorical").EnumerateArray())
        {
            long[] r = [.. c.GetProperty("reference_counts").EnumerateArray().Select(v => v.GetInt64())], s = [.. c.GetProperty("current_counts").EnumerateArray().Select(v => v.GetInt64())];
            Check(c, "js_distance_base2", Divergence.Js(r, s));
            Check(c, "psi_laplace", AzureML.Psi(r, s));
            Check(c, "chi2_pvalue", AzureML.ChiSquare(r, s).PValue, absolute: 0);
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    static double OnCounts(JsonElement c, Func<long[], long[], double> measure)
    {
        string[] Values(string side) => [.. c.GetProperty(side).EnumerateArray().Select(v => v.ToString())];
        string[] reference = Values("reference"), current = Values("current");
        string[] keys = [.. reference.Concat(current).Distinct().Order(StringComparer.Ordinal)];
        return measure([.. keys.Select(k => (long)reference.Count(v => v == k))], [.. keys.Select(k => (long)current.Count(v => v == k))]);
    }

    static double[] Lines(string path)
    {
        using var reader = new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(TestData.Path(path)), System.IO.Compression.CompressionMode.Decompress));
        var values = new List<double>();
        while (reader.ReadLine() is { } line)
            if (double.TryParse(line, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value)) values.Add(value);
        return [.. values];
    }
}
