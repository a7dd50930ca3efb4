using System.Collections.Frozen;

namespace Drift;

/// <summary>A measure of a column, known everywhere (library, command line, policy, tables, metrics) by one canonical name.</summary>
public sealed partial class Measure
{
    static readonly FrozenDictionary<string, Measure> byName;

    static readonly string[] numericDefaults = ["psi", "psi_corrected", "ks", "js", "missing_rate", "nan_rate", "out_of_range_rate", "violation_rate"];

    static readonly string[] categoricalDefaults = ["psi", "psi_corrected", "chi2", "js", "missing_rate", "unseen_rate", "violation_rate"];

    static Measure()
    {
        All = [.. Distances(), .. Tests(), .. Samples(), .. Rates()];
        byName = All.ToFrozenDictionary(measure => measure.Name, StringComparer.Ordinal);
        numeric = Array.ConvertAll(numericDefaults, name => byName[name]);
        categorical = Array.ConvertAll(categoricalDefaults, name => byName[name]);
    }

    static readonly Measure[] numeric, categorical;

    Measure(string name, ReadingKind kind, string summary, Func<ColumnPair, Outcome> compute) =>
        (Name, Kind, Summary, Compute) = (name, kind, summary, compute);

    /// <summary>Every measure that a comparison can compute.</summary>
    public static IReadOnlyList<Measure> All { get; }

    /// <summary>The canonical name.</summary>
    public string Name { get; }

    /// <summary>The family of its p-value.</summary>
    public ReadingKind Kind { get; }

    /// <summary>What it is, in one line.</summary>
    public string Summary { get; }

    /// <summary>The only kind of column that it has a meaning for; null for both.</summary>
    public ColumnKind? Only { get; private init; }

    /// <summary>Whether it needs the rows themselves: a profile is not enough.</summary>
    public bool NeedsSamples { get; private init; }

    /// <summary>The measure of that name, or null.</summary>
    public static Measure? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The measures that a column of that kind gets when none are named.</summary>
    public static IReadOnlyList<string> Defaults(ColumnKind kind) => kind == ColumnKind.Numeric ? numericDefaults : categoricalDefaults;

    /// <summary>The same, resolved.</summary>
    internal static Measure[] DefaultsOf(ColumnKind kind) => kind == ColumnKind.Numeric ? numeric : categorical;

    /// <summary>The family that readings of that name belong to, comparison's own and all others.</summary>
    public static ReadingKind KindOf(string name)
    {
        if (byName.TryGetValue(name, out var measure)) return measure.Kind;
        return name switch
        {
            "duplicate_rate" or PairedSkew.Name or "invalid_rate" or "late_rate" or "rows" or "label_coverage" => ReadingKind.Quality,
            "lag_records" or "lag_seconds" or "p50_ms" or "p95_ms" or "p99_ms" or "error_rate" or "throughput_rps" => ReadingKind.Service,
            "domain_auc" or "reconstruction_error" or "mean_distance" or Recipes.Recipe.DatasetMeasure => ReadingKind.Drift,
            _ when name.StartsWith("metric_", StringComparison.Ordinal) => ReadingKind.Service,
            _ => ReadingKind.Performance,
        };
    }

    /// <summary>How a column pair becomes a value.</summary>
    internal Func<ColumnPair, Outcome> Compute { get; }

    /// <summary>Whether it is a plain fact about the data, which needs no minimum of rows.</summary>
    internal bool IsFact { get; private init; }

    /// <summary>The measure whose p-value this one shows: one test, counted once.</summary>
    internal string? TestOf { get; private init; }
}

/// <summary>What a measure makes of a column pair.</summary>
readonly record struct Outcome(double Value)
{
    public double? ReferenceValue { get; init; }

    public double? PValue { get; init; }

    /// <summary>What is held against the floors; NaN when nothing is.</summary>
    public double Effect { get; init; } = double.NaN;

    public ReadingDetail? Detail { get; init; }

    public static Outcome Of(TwoSampleTest test) => new(test.Statistic) { PValue = double.IsNaN(test.PValue) ? null : test.PValue };
}
