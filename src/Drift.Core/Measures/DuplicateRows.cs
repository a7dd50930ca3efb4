using System.Text;

namespace Drift;

/// <summary>Rows that repeat an earlier one: the measure <c>duplicate_rate</c>, a rate of the whole side.</summary>
/// <remarks>
/// A row repeats another when all compared columns agree: numbers by value (0 equals -0, NaN equals NaN), categories by text, null only null. Rows are told apart by 64-bit hashes, so a million rows
/// miss a difference with a chance of 3e-8. Range 0 to 1; NaN without a row or a compared column. Tested like the other rates (<see cref="Rates.Test"/>): the reference's own rate is what is ordinary, because
/// few discrete columns repeat by nature.
/// </remarks>
public static class DuplicateRows
{
    internal const string Name = "duplicate_rate";

    internal static Measure Measure { get; } = Measure.Whole(Name, "share of rows that repeat an earlier one");

    /// <summary>How many rows repeat an earlier one.</summary>
    /// <param name="table">The rows; columns whose role takes no part in drift are not looked at.</param>
    public static long Count(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var hashes = new ulong[table.Rows];
        var any = false;
        foreach (var column in table.Columns.Where(column => column.Spec.IsCompared))
        {
            Add(column, hashes);
            any = true;
        }
        return any ? table.Rows - new HashSet<ulong>(hashes).Count : 0;
    }

    internal static Outcome Compute(Table? reference, Table? current)
    {
        if (reference is null || current is null) return new(double.NaN) { Detail = new() { Reason = "needs the rows of both sides; a profile keeps only counts" } };
        if (!current.Columns.Any(column => column.Spec.IsCompared)) return new(double.NaN) { Detail = new() { Reason = "no column is compared" } };
        if (current.Rows == 0) return new(double.NaN) { Detail = new() { Reason = "the current side has no rows" } };
        return ColumnPair.Rate(Count(reference), reference.Rows, Count(current), current.Rows);
    }

    static void Add(Column column, ulong[] hashes)
    {
        const ulong Nothing = 0x6E756C6C;
        if (column is NumericColumn numbers)
        {
            var values = numbers.Values.Span;
            for (var row = 0; row < hashes.Length; row++)
                hashes[row] = Mix(hashes[row], numbers.IsNull(row) ? Nothing : BitConverter.DoubleToUInt64Bits(double.IsNaN(values[row]) ? double.NaN : values[row] + 0.0));
            return;
        }
        var text = (CategoricalColumn)column;
        var entries = text.Dictionary.Select(entry => XxHash64.Hash(Encoding.UTF8.GetBytes(entry))).ToArray();
        var codes = text.Codes.Span;
        for (var row = 0; row < hashes.Length; row++) hashes[row] = Mix(hashes[row], codes[row] < 0 ? Nothing : entries[codes[row]]);
    }

    // splitmix64's finish over what came before and the cell: every bit of either moves half of the bits.
    static ulong Mix(ulong hash, ulong cell)
    {
        var z = (hash ^ cell) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (z ^ (z >> 31)) + (hash << 1);
    }
}
