namespace Drift;

/// <summary>One group of a fairness comparison: what was decided about its rows, and what they were.</summary>
/// <param name="Name">The group.</param>
/// <param name="Selected">Rows that the model answered with the positive class.</param>
/// <param name="Answered">Rows that it answered at all.</param>
/// <param name="Confusion">Answers against truth, where it is known.</param>
public readonly record struct DecidedGroup(string Name, long Selected, long Answered, ConfusionMatrix Confusion)
{
    /// <summary>The group that some rows of a model's answers make.</summary>
    public static DecidedGroup Of(string name, BinaryOutcomes outcomes, ReadOnlySpan<int> rows)
    {
        long selected = 0, answered = 0;
        foreach (var i in rows)
        {
            if (outcomes.Predicted[i] >= 0) answered++;
            if (outcomes.Predicted[i] == 1) selected++;
        }
        return new(name, selected, answered, ((BinaryTally)outcomes.Tally(rows)).Confusion);
    }
}

/// <summary>
/// How unequally groups are treated: the gap between the group with the highest and the one with the lowest rate (fairlearn's definitions), with the
/// interval of that pair.
/// </summary>
/// <remarks>
/// demographic_parity_difference: of the rate of positive answers; disparate_impact_ratio: the lowest over the highest such rate, under 0.8 by the
/// four-fifths rule a disparity; equal_opportunity_difference: of the true positive rate; equalized_odds_difference: the larger gap of true and false
/// positive rates. Intervals: Newcombe's, for the ratio on the log scale. Groups under 30 rows are left out; fewer than two left: insufficient data.
/// The pair is the most extreme of all, so with many groups its interval is too narrow: it is a hint where to look, not a proof.
/// </remarks>
public static class GroupGaps
{
    /// <summary>Rows that a group must have.</summary>
    public const int LeastRows = 30;

    /// <summary>The four-fifths rule's bound of the ratio.</summary>
    public const double FourFifths = 0.8;

    /// <summary>The readings of the gaps.</summary>
    /// <param name="column">The column whose values are the groups.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="level">The level of the intervals.</param>
    public static IReadOnlyList<Reading> Of(string column, IReadOnlyList<DecidedGroup> groups, double level = Intervals.Level)
    {
        var selection = groups.Select(g => new Rate(g.Name, g.Selected, g.Answered)).ToArray();
        var truths = groups.Select(g => new Rate(g.Name, g.Confusion.TruePositive, g.Confusion.Positives)).ToArray();
        var alarms = groups.Select(g => new Rate(g.Name, g.Confusion.FalsePositive, g.Confusion.FalsePositive + g.Confusion.TrueNegative)).ToArray();
        var rows = groups.Sum(g => g.Answered);
        var (byTruth, byAlarm) = (Gap(truths, level), Gap(alarms, level));
        Reading Difference(string measure, Pair? gap, Rate[] of) => Reading(measure, column, rows, gap, gap?.Difference ?? double.NaN, gap?.Interval, of);
        var parity = Gap(selection, level);
        var ratio = parity is { Highest.Hits: > 0 } p ? p : (Pair?)null;
        return
        [
            Difference("demographic_parity_difference", parity, selection),
            Reading("disparate_impact_ratio", column, rows, ratio, ratio is { } r ? r.Lowest.Value / r.Highest.Value : double.NaN,
                ratio is { } s ? Intervals.Ratio(s.Lowest.Hits, s.Lowest.Rows, s.Highest.Hits, s.Highest.Rows, level) : null, selection),
            Difference("equal_opportunity_difference", byTruth, truths),
            Difference("equalized_odds_difference", byAlarm is { } a && byTruth is { } t ? a.Difference > t.Difference ? a : t : null, byAlarm?.Difference > byTruth?.Difference ? alarms : truths),
        ];
    }

    readonly record struct Rate(string Name, long Hits, long Rows)
    {
        public double Value => (double)Hits / Rows;
    }

    readonly record struct Pair(Rate Lowest, Rate Highest, (double Lower, double Upper) Interval)
    {
        public double Difference => Highest.Value - Lowest.Value;
    }

    static Pair? Gap(Rate[] rates, double level)
    {
        var usable = rates.Where(rate => rate.Rows >= LeastRows).OrderBy(rate => rate.Value).ToArray();
        if (usable.Length < 2) return null;
        var (low, high) = (usable[0], usable[^1]);
        return new(low, high, Intervals.Newcombe(low.Hits, low.Rows, high.Hits, high.Rows, level));
    }

    static Reading Reading(string measure, string column, long rows, Pair? pair, double value, (double Lower, double Upper)? interval, Rate[] rates)
    {
        var few = rates.Where(rate => rate.Rows < LeastRows).Select(rate => rate.Name).ToArray();
        var all = rates.Sum(rate => rate.Rows) is var total and > 0 ? (double)rates.Sum(rate => rate.Hits) / total : 0;
        return new()
        {
            Measure = measure,
            Column = column,
            Role = ColumnRole.Segment,
            Kind = ReadingKind.Performance,
            Value = value,
            Rows = rows,
            Status = double.IsNaN(value) ? ReadingStatus.InsufficientData : ReadingStatus.Ok,
            Detail = new()
            {
                Lower = interval?.Lower,
                Upper = interval?.Upper,
                Reason = pair is null ? $"fewer than two groups with {LeastRows} rows" + (measure == "disparate_impact_ratio" ? " and a positive answer" : "") : few.Length > 0 ? $"left out for fewer than {LeastRows} rows: {string.Join(", ", few)}" : null,
                // The groups from the lowest rate up; as the reference stands the rate over all.
                Cells = [.. rates.Where(rate => rate.Rows >= LeastRows).OrderBy(rate => rate.Value).Select(rate => new CellShare(rate.Name, all, rate.Value, rate.Value - all))],
            },
        };
    }
}
