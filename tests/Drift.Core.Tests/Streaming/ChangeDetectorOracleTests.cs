using System.Text.Json;
using Drift.Core.Tests.Measures;
using Drift.Tests;

namespace Drift.Core.Tests.Streaming;

/// <summary>Detections against River, frouros and the published test streams.</summary>
public sealed class ChangeDetectorOracleTests
{
    static readonly Dictionary<string, (string Name, string Parameters)> claims = new()
    {
        ["river.ADWIN.default"] = ("adwin", ""),
        ["river.ADWIN.delta_0.05"] = ("adwin", "delta=0.05"),
        ["river.ADWIN.clock1"] = ("adwin", "clock=1"),
        ["river.ADWIN.delta_0.2_clock8"] = ("adwin", "delta=0.2,clock=8"),
        ["river.PageHinkley.default"] = ("page_hinkley", ""),
        ["river.PageHinkley.up"] = ("page_hinkley", "mode=up"),
        ["river.PageHinkley.down"] = ("page_hinkley", "mode=down"),
        ["river.PageHinkley.threshold10"] = ("page_hinkley", "threshold=10"),
        ["river.DDM"] = ("ddm", ""),
        ["river.EDDM"] = ("eddm", ""),
        ["river.HDDM_A"] = ("hddm_a", ""),
        ["frouros.ADWIN"] = ("adwin", ""),
        ["frouros.CUSUM"] = ("cusum", ""),
        ["frouros.DDM"] = ("ddm", ""),
        ["frouros.HDDMA"] = ("hddm_a", ""),
    };

    static readonly Dictionary<string, string> unclaimed = new()
    {
        ["river.KSWIN.seed1"] = "draws by CPython's random.sample; compared in distribution by another test",
        ["frouros.PageHinkley"] = "tests the sum itself, not its distance from its least value; River's rule is ours",
        ["frouros.EDDM"] = "counts distances and its warm start otherwise than River (detections differ by 1 to 4 rows)",
        ["frouros.HDDMW"] = "starts its weighted average at 0 instead of at the first value, as River does (one row later on one stream)",
        ["frouros.GeometricMovingAverage"] = "not one of our detectors",
        ["frouros.RDDM"] = "not one of our detectors",
        ["frouros.STEPD"] = "not one of our detectors",
        ["frouros.ECDDWT"] = "not one of our detectors",
    };

    [Fact]
    public void Every_stream_of_the_oracle()
    {
        var failures = new List<string>();
        foreach (var oracleCase in Oracle.Cases("stream"))
            foreach (var output in oracleCase.GetProperty("out").EnumerateObject())
            {
                if (unclaimed.ContainsKey(output.Name)) continue;
                if (!claims.TryGetValue(output.Name, out var claim))
                {
                    failures.Add($"{oracleCase.Id()} {output.Name}: neither claimed nor listed");
                    continue;
                }
                Compare(failures, $"{oracleCase.Id()} {output.Name}", Rows(output.Value.GetProperty("detected_at")), Detect(claim.Name, claim.Parameters, oracleCase.Doubles("x")));
            }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void Adwins_window_holds_what_rivers_holds()
    {
        foreach (var oracleCase in Oracle.Cases("stream"))
            foreach (var (key, parameters) in ((string, string)[])[("river.ADWIN.default", ""), ("river.ADWIN.clock1", "clock=1"), ("river.ADWIN.delta_0.2_clock8", "delta=0.2,clock=8")])
            {
                var make = AdwinDetector.Maker(new("adwin", Parse(parameters)));
                var adwin = (AdwinDetector)make();
                var drift = false;
                var x = oracleCase.Doubles("x");
                var expected = oracleCase.GetProperty("out").GetProperty(key).GetProperty("every_100").EnumerateArray().GetEnumerator();
                for (var i = 0; i < x.Length; i++)
                {
                    if (drift) adwin = (AdwinDetector)make();
                    drift = adwin.Update(x[i]) == Signal.Drift;
                    if ((i + 1) % 100 != 0) continue;
                    Assert.True(expected.MoveNext());
                    var row = expected.Current.EnumerateArray().Select(Oracle.Number).ToArray();
                    var what = $"{oracleCase.Id()} {key} after {i + 1}";
                    Assert.Equal(row[1], adwin.Width);
                    Near.Equal(row[2], adwin.Total, 1e-12, what + " total", 1e-12);
                    Near.Equal(row[3], adwin.Variance, 1e-9, what + " variance", 1e-9);
                }
            }
    }

    /// <summary>scikit-multiflow's own test streams; its ADWIN keeps the window after a detection.</summary>
    [Fact]
    public void Published_test_streams()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("expected_stream_detectors.json")));
        var root = document.RootElement;
        var failures = new List<string>();
        foreach (var published in root.GetProperty("cases").EnumerateArray())
        {
            var name = published.GetProperty("detector").GetString()!;
            var (detector, parameters) = name switch
            {
                "ADWIN" => ("adwin", "keep_window=true"),
                "PageHinkley" => ("page_hinkley", "mode=up"),
                "DDM" => ("ddm", ""),
                "EDDM" => ("eddm", "ddof=0"),
                "HDDM_A" => ("hddm_a", "two_sided_test=true"),
                "HDDM_W" => ("hddm_w", "two_sided_test=true"),
                "CUSUM" => ("cusum", "min_instances=1"),
                _ => throw new InvalidOperationException($"an unknown detector {name}"),
            };
            var series = root.GetProperty("series").Doubles(published.GetProperty("series").GetString()!);
            Compare(failures, name, Rows(published.GetProperty("expected_indices")), Detect(detector, parameters, series));
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    static void Compare(List<string> failures, string what, int[] expected, int[] actual)
    {
        if (!expected.SequenceEqual(actual)) failures.Add($"{what}: expected [{string.Join(' ', expected)}], got [{string.Join(' ', actual)}]");
    }

    static int[] Detect(string name, string parameters, double[] x) =>
        [.. ChangeDetector.Create(name, Parse(parameters)).Scan(x).Where(p => p.Kind == ChangeKind.Drift).Select(p => p.Index)];

    static Dictionary<string, string> Parse(string parameters) =>
        parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);

    static int[] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(e => e.GetInt32())];
}
