namespace Drift;

/// <summary>Champion against challenger: every measure of both, the difference with its interval, and p-values of "they are equally good".</summary>
/// <remarks>
/// Rates: two-proportion test and Newcombe's interval, McNemar when paired. Means of losses: Welch, or the t test of differences when paired. AUC:
/// DeLong. Everything else: bootstrap. A measure of classes needs 10 rows of each class on each side. The sequential p-value in the detail may be looked
/// at as often as one likes; the others hold for one look. A challenger that is significantly worse after Benjamini-Hochberg is critical.
/// </remarks>
public static class Contrasts
{
    /// <summary>Rows of each class that a measure of classes needs.</summary>
    public const int LeastOfClass = 10;

    /// <summary>Compares two models.</summary>
    /// <exception cref="ArgumentException">The sides have different tasks, or are paired and differ in length.</exception>
    public static IReadOnlyList<Reading> Compare(Outcomes champion, Outcomes challenger, ContrastOptions? options = null)
    {
        var how = options ?? new();
        if (champion.Columns.Task != challenger.Columns.Task) throw new ArgumentException("the sides have different tasks", nameof(challenger));
        if (how.Paired && champion.Rows != challenger.Rows) throw new ArgumentException($"{champion.Rows} and {challenger.Rows} rows cannot be paired", nameof(challenger));
        var found = (champion, challenger) switch
        {
            (BinaryOutcomes a, BinaryOutcomes b) => BinaryContrast.Of(a, b, how),
            (MulticlassOutcomes a, MulticlassOutcomes b) => OtherContrasts.Of(a, b, how),
            (RegressionOutcomes a, RegressionOutcomes b) => OtherContrasts.Of(a, b, how),
            _ => OtherContrasts.Of((RankingOutcomes)champion, (RankingOutcomes)challenger, how),
        };
        return Judge([.. found.Select(one => Reading(one, how))], how);
    }

    /// <summary>Compares the means of a metric of any kind, for example revenue per answer.</summary>
    /// <param name="name">The metric; the measure is metric_NAME_mean.</param>
    /// <param name="champion">The champion's values; NaN where there is none.</param>
    /// <param name="challenger">The challenger's.</param>
    /// <param name="options">How.</param>
    public static Reading CompareMetric(string name, ReadOnlySpan<double> champion, ReadOnlySpan<double> challenger, ContrastOptions? options = null)
    {
        var how = options ?? new();
        return Judge([Reading(Contrasted.Mean($"metric_{name}_mean", champion.ToArray(), challenger.ToArray(), how), how)], how)[0];
    }

    static Reading Reading(Contrasted one, ContrastOptions how)
    {
        var d = one.Difference;
        var rows = Math.Min(one.FirstRows, one.SecondRows);
        var reason = how.NotYet ?? (rows < how.LeastRows ? $"needs {how.LeastRows} labelled rows a side, has {one.FirstRows} and {one.SecondRows}" : one.Missing)
            ?? (double.IsNaN(d.PValue) ? "the sides cannot be compared" : null);
        List<KeyValuePair<string, double>> numbers = [new("difference", d.Value), new("reference_rows", one.FirstRows)];
        if (one.Sequential is { } p) numbers.Add(new("p_sequential", p));
        // The effect that this many rows would show with 80 % power.
        if (d.Upper > d.Lower) numbers.Add(new("minimum_effect", (d.Upper - d.Lower) / 2 / Intervals.Quantile(how.Level) * (Intervals.Quantile(how.Level) + SpecialFunctions.NormalInverseSurvival(0.2))));
        if (how.LeastRows > rows) numbers.Add(new("missing_rows", how.LeastRows - rows));
        return new()
        {
            Measure = one.Measure,
            Segment = how.Segment,
            Kind = ReadingKind.Performance,
            Value = d.Second,
            ReferenceValue = d.First,
            PValue = double.IsNaN(d.PValue) ? null : d.PValue,
            Rows = one.SecondRows,
            Status = reason is null ? ReadingStatus.Ok : ReadingStatus.InsufficientData,
            Detail = new() { Reason = reason, Recipe = d.Method, Lower = Known(d.Lower), Upper = Known(d.Upper), Numbers = numbers },
        };
    }

    static double? Known(double value) => double.IsNaN(value) ? null : value;

    /// <summary>Adjusts the p-values among the readings that can be judged, and judges them.</summary>
    static Reading[] Judge(Reading[] readings, ContrastOptions how)
    {
        int[] judged = [.. Enumerable.Range(0, readings.Length).Where(i => readings[i] is { Status: ReadingStatus.Ok, PValue: not null })];
        var adjusted = new double[judged.Length];
        MultipleTesting.BenjaminiHochberg([.. judged.Select(i => readings[i].PValue!.Value)], adjusted);
        for (var j = 0; j < judged.Length; j++)
        {
            var reading = readings[judged[j]];
            var worse = Direction.IsWorse(reading.Measure, reading.Value, reading.ReferenceValue!.Value);
            readings[judged[j]] = reading with { PAdjusted = adjusted[j], Verdict = worse && adjusted[j] < 1 - how.Level ? Verdict.Critical : Verdict.Ok };
        }
        return readings;
    }
}

/// <summary>A contrasted measure before it becomes a reading.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Difference">Both values and what is known of their difference.</param>
/// <param name="FirstRows">The champion's rows that it rests on.</param>
/// <param name="SecondRows">The challenger's.</param>
sealed record Contrasted(string Measure, Difference Difference, long FirstRows, long SecondRows)
{
    /// <summary>The always-valid p-value, for means and rates.</summary>
    public double? Sequential { get; init; }

    /// <summary>What is too rare for a verdict.</summary>
    public string? Missing { get; init; }

    /// <summary>A mean over rows; paired, the rows without a value on either side count on neither.</summary>
    public static Contrasted Mean(string measure, double[] first, double[] second, ContrastOptions how) =>
        new(measure, how.Paired ? Differences.PairedMeans(first, second, how.Level) : Differences.Means(first, second, how.Level), first.LongCount(double.IsFinite), second.LongCount(double.IsFinite))
        {
            // The sequential test is one of two arms; of pairs it would waste what they share.
            Sequential = how.Paired ? null : SequentialTest.Look(first, second, tau: how.Tau),
        };

    /// <summary>A rate over rows: 1, 0, or NaN where the row does not count.</summary>
    public static Contrasted Rate(string measure, double[] first, double[] second, ContrastOptions how)
    {
        long k1 = first.LongCount(x => x == 1), n1 = first.LongCount(double.IsFinite), k2 = second.LongCount(x => x == 1), n2 = second.LongCount(double.IsFinite);
        if (!how.Paired) return new(measure, Differences.Rates(k1, n1, k2, n2, how.Level), n1, n2) { Sequential = SequentialTest.Look(first, second, rate: true, tau: how.Tau) };
        long both = 0, one = 0, other = 0, rows = 0;
        for (var i = 0; i < first.Length; i++)
        {
            if (!double.IsFinite(first[i]) || !double.IsFinite(second[i])) continue;
            rows++;
            if (first[i] == 1 && second[i] == 1) both++;
            else if (first[i] == 1) one++;
            else if (second[i] == 1) other++;
        }
        return new(measure, Differences.PairedRates(both, one, other, rows, how.Level), rows, rows);
    }
}
