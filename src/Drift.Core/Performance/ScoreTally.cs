using System.Numerics;

namespace Drift;

/// <summary>
/// Scores of positives and negatives, from which AUC and AUPR come. Exact while there are at most <see cref="Limit"/> distinct scores; beyond, the
/// scores fall into <see cref="Cells"/> equal cells of [0, 1] (what lies outside joins the ends) and both areas get certified bounds.
/// </summary>
/// <remarks>
/// Which form a sum has depends only on its distinct scores and the smallest limit among its parts, so + stays associative. In cells the AUC's error
/// is at most the sum over cells of (positives x negatives) / (2 P N): half a cell's pairs could be ordered either way.
/// </remarks>
public sealed partial class ScoreTally : IAdditionOperators<ScoreTally, ScoreTally, ScoreTally>
{
    /// <summary>The cells of the inexact form.</summary>
    public const int Cells = 4096;

    // Ascending: distinct scores, or the numbers of the cells that hold something.
    readonly double[] keys;
    readonly long[] positives;
    readonly long[] negatives;

    ScoreTally(bool exact, int limit, double[] keys, long[] positives, long[] negatives)
    {
        (IsExact, Limit, this.keys, this.positives, this.negatives) = (exact, limit, keys, positives, negatives);
        Positives = positives.Sum();
        Negatives = negatives.Sum();
    }

    /// <summary>The scores of nothing: the identity of +.</summary>
    public static ScoreTally Empty { get; } = new(true, int.MaxValue, [], [], []);

    /// <summary>Whether every distinct score is still known.</summary>
    public bool IsExact { get; }

    /// <summary>How many distinct scores are kept before they fall into cells.</summary>
    public int Limit { get; }

    /// <summary>Rows of the positive class.</summary>
    public long Positives { get; }

    /// <summary>Rows of the other class.</summary>
    public long Negatives { get; }

    internal ReadOnlySpan<double> Keys => keys;

    internal ReadOnlySpan<long> PositivesByKey => positives;

    internal ReadOnlySpan<long> NegativesByKey => negatives;

    /// <summary>The tally of a sample.</summary>
    /// <param name="scores">A score per row; NaN is passed over.</param>
    /// <param name="positive">Whether the row was positive.</param>
    /// <param name="limit">Distinct scores to keep; all of them when left out.</param>
    /// <exception cref="ArgumentException">Not one class per score.</exception>
    public static ScoreTally Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, int limit = int.MaxValue)
    {
        if (scores.Length != positive.Length) throw new ArgumentException($"{scores.Length} scores for {positive.Length} classes", nameof(positive));
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var (sorted, classes) = (scores.ToArray(), positive.ToArray());
        Array.Sort(sorted, classes);
        var (keys, up, down) = (new List<double>(), new List<long>(), new List<long>());
        for (var i = 0; i < sorted.Length; i++)
        {
            if (double.IsNaN(sorted[i])) continue;
            if (keys.Count == 0 || keys[^1] != sorted[i]) Add(keys, up, down, sorted[i] + 0.0, 0, 0);
            if (classes[i]) up[^1]++;
            else down[^1]++;
        }
        return Fit(true, limit, [.. keys], [.. up], [.. down]);
    }

    internal static ScoreTally FromKeys(bool exact, int limit, double[] keys, long[] positives, long[] negatives)
    {
        if (keys.Length != positives.Length || keys.Length != negatives.Length) throw new FormatException("scores, positives and negatives differ in length");
        for (var i = 0; i < keys.Length; i++)
        {
            if (double.IsNaN(keys[i]) || i > 0 && !(keys[i - 1] < keys[i])) throw new FormatException("scores are not strictly ascending");
            if (!exact && (keys[i] is < 0 or >= Cells || keys[i] != Math.Floor(keys[i]))) throw new FormatException($"{keys[i]} is no cell");
            if (positives[i] < 0 || negatives[i] < 0) throw new FormatException("a count is negative");
        }
        return Fit(exact, limit, keys, positives, negatives);
    }

    /// <summary>Both sides together.</summary>
    public static ScoreTally operator +(ScoreTally left, ScoreTally right)
    {
        var limit = Math.Min(left.Limit, right.Limit);
        var exact = left.IsExact && right.IsExact;
        var (a, b) = exact ? (left, right) : (left.InCells(), right.InCells());
        var (keys, up, down) = (new List<double>(a.keys.Length + b.keys.Length), new List<long>(), new List<long>());
        for (int i = 0, j = 0; i < a.keys.Length || j < b.keys.Length;)
        {
            var fromLeft = j == b.keys.Length || i < a.keys.Length && a.keys[i] <= b.keys[j];
            var fromRight = i == a.keys.Length || j < b.keys.Length && b.keys[j] <= a.keys[i];
            Add(keys, up, down, fromLeft ? a.keys[i] : b.keys[j],
                (fromLeft ? a.positives[i] : 0) + (fromRight ? b.positives[j] : 0), (fromLeft ? a.negatives[i] : 0) + (fromRight ? b.negatives[j] : 0));
            if (fromLeft) i++;
            if (fromRight) j++;
        }
        return Fit(exact, limit, [.. keys], [.. up], [.. down]);
    }

    static ScoreTally Fit(bool exact, int limit, double[] keys, long[] positives, long[] negatives)
    {
        var tally = new ScoreTally(exact, limit, keys, positives, negatives);
        return exact && keys.Length > limit ? tally.InCells() : tally;
    }

    ScoreTally InCells()
    {
        if (!IsExact) return this;
        var (cells, up, down) = (new List<double>(), new List<long>(), new List<long>());
        for (var i = 0; i < keys.Length; i++)
        {
            // The clamp comes before the cast: the cast of an infinity is not defined.
            var cell = Math.Floor(Math.Clamp(keys[i] * Cells, 0, Cells - 1));
            if (cells.Count == 0 || cells[^1] != cell) Add(cells, up, down, cell, 0, 0);
            up[^1] += positives[i];
            down[^1] += negatives[i];
        }
        return new(false, Limit, [.. cells], [.. up], [.. down]);
    }

    static void Add(List<double> keys, List<long> up, List<long> down, double key, long positive, long negative)
    {
        keys.Add(key);
        up.Add(positive);
        down.Add(negative);
    }
}
