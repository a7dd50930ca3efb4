using System.Globalization;

namespace Drift;

/// <summary>The same rows from two pipelines (training and service), joined by id: the measure <c>skew_rate</c>, the share of rows whose value differs.</summary>
/// <remarks>
/// Range 0 to 1, per column, over the ids that both sides have. Numbers differ when they are farther apart than the tolerance, in proportion to the greater of them (0: at all; 0 equals -0, NaN equals NaN);
/// categories by their text; a null equals only a null. An id that a side has several times counts with its first row; how many rows were left out stands in the detail. Nothing is tested: one differing value is
/// a fact. A column is a warning from 1 % of rows on and critical from 20 %. NotApplicable where no id is on both sides.
/// </remarks>
public static class PairedSkew
{
    /// <summary>The measure's name.</summary>
    public const string Name = "skew_rate";

    /// <summary>Compares two tables row by row.</summary>
    /// <param name="reference">The reference pipeline's rows.</param>
    /// <param name="current">The current pipeline's rows.</param>
    /// <param name="id">The column by which rows find each other.</param>
    /// <param name="tolerance">The relative difference up to which numbers are equal; float32 against float64 is 1e-7.</param>
    /// <param name="options">The columns, the floors and the segment.</param>
    /// <exception cref="ArgumentException">A side has no such column, a column named in the options does not exist, or the tolerance is negative or NaN.</exception>
    public static IReadOnlyList<Reading> Compare(Table reference, Table current, string id, double tolerance = 0, CompareOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        if (!(tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "a tolerance is 0 or more");
        var asked = options ?? CompareOptions.Default;
        foreach (var name in asked.Columns ?? [])
            if (reference.Find(name) is null && current.Find(name) is null) throw new ArgumentException($"neither side has a column '{name}'", nameof(options));
        var (pairs, join) = Join(reference, current, id);
        var readings = new List<Reading>();
        foreach (var column in reference.Columns.Where(c => c.Spec.IsCompared && (asked.Columns?.Contains(c.Spec.Name) ?? true)))
            readings.Add(Read(column, current.Find(column.Spec.Name), pairs, tolerance, asked, join));
        return readings;
    }

    static Reading Read(Column before, Column? now, List<(int, int)> pairs, double tolerance, CompareOptions options, IReadOnlyList<KeyValuePair<string, double>> join)
    {
        var reading = new Reading { Measure = Name, Column = before.Spec.Name, Role = before.Spec.Role, Segment = options.Segment, Kind = ReadingKind.Quality, Rows = pairs.Count };
        Reading Without(string reason) => reading with { Status = ReadingStatus.NotApplicable, Detail = new() { Reason = reason, Numbers = join } };
        if (pairs.Count == 0) return Without("no id is on both sides");
        if (now is null) return Without("the current side has no such column");
        if (now.Spec.Kind != before.Spec.Kind) return Without("one side's column is numeric, the other's categorical");
        var (differing, largest) = before is NumericColumn x ? Count(x, (NumericColumn)now, pairs, tolerance) : (Count((CategoricalColumn)before, (CategoricalColumn)now, pairs), double.NaN);
        var share = (double)differing / pairs.Count;
        return reading with
        {
            Value = share,
            Verdict = share >= options.RateCriticalFloor ? Verdict.Critical : share >= options.RateWarningFloor ? Verdict.Warning : Verdict.Ok,
            Detail = new() { Numbers = [new("differing", differing), .. double.IsNaN(largest) ? [] : new KeyValuePair<string, double>[] { new("largest_difference", largest) }, .. join] },
        };
    }

    static (long Differing, double Largest) Count(NumericColumn before, NumericColumn now, List<(int, int)> pairs, double tolerance)
    {
        var (differing, largest) = (0L, 0.0);
        foreach (var (i, j) in pairs)
        {
            if (before.IsNull(i) || now.IsNull(j))
            {
                differing += before.IsNull(i) == now.IsNull(j) ? 0 : 1;
                continue;
            }
            double x = before.Values.Span[i], y = now.Values.Span[j];
            if (x == y || double.IsNaN(x) && double.IsNaN(y)) continue;
            var apart = Math.Abs(x - y);
            if (apart <= tolerance * Math.Max(Math.Abs(x), Math.Abs(y)) && double.IsFinite(apart)) continue;
            differing++;
            if (!double.IsNaN(apart)) largest = Math.Max(largest, apart);
        }
        return (differing, largest);
    }

    static long Count(CategoricalColumn before, CategoricalColumn now, List<(int, int)> pairs)
    {
        var differing = 0L;
        foreach (var (i, j) in pairs) differing += string.Equals(before[i], now[j], StringComparison.Ordinal) ? 0 : 1;
        return differing;
    }

    static (List<(int, int)> Pairs, IReadOnlyList<KeyValuePair<string, double>> Numbers) Join(Table reference, Table current, string id)
    {
        var (rows, leftOutBefore) = First(reference, id, "the reference");
        var (others, leftOutNow) = First(current, id, "the current side");
        var pairs = new List<(int, int)>();
        foreach (var (key, row) in others)
            if (rows.TryGetValue(key, out var match)) pairs.Add((match, row));
        return (pairs, [new("only_reference", rows.Count - pairs.Count), new("only_current", others.Count - pairs.Count), new("left_out", leftOutBefore + leftOutNow)]);
    }

    /// <summary>The first row of every id; rows without an id, or with one that stood before, are left out.</summary>
    static (Dictionary<string, int> Rows, int LeftOut) First(Table table, string id, string side)
    {
        var column = table.Find(id) ?? throw new ArgumentException($"{side} has no column '{id}' to join by");
        var (rows, leftOut) = (new Dictionary<string, int>(table.Rows, StringComparer.Ordinal), 0);
        for (var row = 0; row < table.Rows; row++)
            if (column.IsNull(row) || !rows.TryAdd(column is NumericColumn number ? number.Values.Span[row].ToString("R", CultureInfo.InvariantCulture) : ((CategoricalColumn)column)[row]!, row)) leftOut++;
        return (rows, leftOut);
    }
}
