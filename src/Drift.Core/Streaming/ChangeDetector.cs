using System.Collections.Frozen;

namespace Drift;

/// <summary>The change detectors by name.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>adwin</term><description>Adaptive window over any bounded numbers; O(log window) memory. delta 0.002, clock 32, max_buckets 5, min_window_length 5, grace_period 10, keep_window false. Bifet and Gavalda 2007.</description></item>
/// <item><term>page_hinkley</term><description>Cumulated deviation from the mean. min_instances 30, delta 0.005, threshold 50, alpha 0.9999, mode both|up|down, standardise false. delta and threshold are in units of the data unless standardise is on. Page 1954.</description></item>
/// <item><term>cusum</term><description>Page's cumulative sum, reset at 0. min_instances 30, delta 0.005, threshold 50, mode up|down|both, standardise false.</description></item>
/// <item><term>ddm</term><description>Error rate above its minimum by 3 deviations. warm_start 30, warning_threshold 2, drift_threshold 3. Fires on 48 % of stationary streams of 10 % errors: prefer hddm_a or hddm_w. Gama et al. 2004.</description></item>
/// <item><term>eddm</term><description>Distance between errors shrinking. warm_start 30, alpha 0.95, beta 0.9, ddof 1 (0 as in the paper and River before 0.8). Baena-Garcia et al. 2006.</description></item>
/// <item><term>hddm_a, hddm_w</term><description>Hoeffding's bound on averages, McDiarmid's on weighted averages; false alarms bounded by the confidence. drift_confidence 0.001, warning_confidence 0.005, two_sided_test false; hddm_w also lambda_val 0.05. Frias-Blanco et al. 2014.</description></item>
/// <item><term>kswin</term><description>Kolmogorov-Smirnov test of the newest values against a random draw of the older ones. alpha 0.005, window_size 100, stat_size 30, seed 1. Raab et al. 2020.</description></item>
/// </list>
/// Names, defaults and results are River's (0.19; cusum: frouros 0.9). A parameter that the detector does not have is refused.
/// </remarks>
public static class ChangeDetector
{
    static readonly FrozenDictionary<string, Func<DetectorParameters, Func<IDetectorCore>>> makers =
        new Dictionary<string, Func<DetectorParameters, Func<IDetectorCore>>>
        {
            ["adwin"] = AdwinDetector.Maker,
            ["page_hinkley"] = PageHinkleyDetector.Maker,
            ["cusum"] = CusumDetector.Maker,
            ["ddm"] = DdmDetector.Maker,
            ["eddm"] = EddmDetector.Maker,
            ["hddm_a"] = HddmADetector.Maker,
            ["hddm_w"] = HddmWDetector.Maker,
            ["kswin"] = KswinDetector.Maker,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["adwin", "page_hinkley", "cusum", "ddm", "eddm", "hddm_a", "hddm_w", "kswin"];

    /// <summary>Makes a detector.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="parameters">Its parameters by name, numbers in invariant form; absent ones keep their default.</param>
    /// <exception cref="ArgumentException">The name or a parameter is unknown, or a value is out of its range; the message says which and what is allowed.</exception>
    public static IChangeDetector Create(string name, IReadOnlyDictionary<string, string>? parameters = null)
    {
        if (!makers.TryGetValue(name, out var maker)) throw new ArgumentException($"no detector '{name}'; there are {string.Join(", ", Names)}", nameof(name));
        var given = new DetectorParameters(name, parameters ?? FrozenDictionary<string, string>.Empty);
        var make = maker(given);
        given.RefuseOthers();
        return new RestartingDetector(make);
    }

    /// <summary>Runs a detector over a whole stream: the rows where it detected a change, and where a warning zone begins.</summary>
    public static IReadOnlyList<ChangePoint> Scan(this IChangeDetector detector, ReadOnlySpan<double> values)
    {
        var points = new List<ChangePoint>();
        var warned = false;
        for (var i = 0; i < values.Length; i++)
        {
            detector.Update(values[i]);
            if (detector.Drift) points.Add(new(i, ChangeKind.Drift));
            else if (detector.Warning && !warned) points.Add(new(i, ChangeKind.Warning));
            warned = detector.Warning;
        }
        return points;
    }

    /// <summary>River's reset rule in one place: a core that has detected is replaced at the next value.</summary>
    sealed class RestartingDetector(Func<IDetectorCore> make) : IChangeDetector
    {
        IDetectorCore core = make();
        bool spent;
        Signal signal;

        public bool Drift => signal == Signal.Drift;

        public bool Warning => signal == Signal.Warning;

        public void Update(double value)
        {
            if (double.IsNaN(value))
            {
                if (signal == Signal.Drift) signal = Signal.None;
                return;
            }
            if (spent) core = make();
            signal = core.Update(value);
            spent = signal == Signal.Drift && core is not AdwinDetector { KeepsWindow: true };
        }
    }
}

/// <summary>A row at which a detector changed its mind.</summary>
/// <param name="Index">The row, from 0.</param>
/// <param name="Kind">What it said there.</param>
public readonly record struct ChangePoint(int Index, ChangeKind Kind);

/// <summary>What a detector says at a row.</summary>
public enum ChangeKind
{
    /// <summary>A change was detected.</summary>
    Drift,

    /// <summary>A warning zone begins.</summary>
    Warning,
}
