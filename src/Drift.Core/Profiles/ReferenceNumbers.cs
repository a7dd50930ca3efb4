using System.Buffers;

namespace Drift;

/// <summary>A numeric column of a reference: keeps the values in row order until the cells are chosen.</summary>
sealed class ReferenceNumbers(ColumnSpec spec, int bins, BinningRule rule) : ColumnBuilder(spec)
{
    /// <summary>Marks a row without a value in <see cref="values"/>; a NaN that nothing else produces.</summary>
    static readonly double Missing = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_6472_6966_7401));

    double[] values = [];
    ReadOnlyMemory<double> lent; // instead of values, as long as they are all of one table's column
    int count;
    long mismatched;

    public override int Rows => count;

    public override void AddNumbers(ReadOnlySpan<double> added, ReadOnlySpan<byte> validity, int offset)
    {
        Validity.Check(validity, offset, added.Length);
        var target = Grow(added.Length);
        added.CopyTo(target);
        for (var i = 0; i < target.Length; i++)
            if (!Validity.IsValid(validity, offset + i)) target[i] = Missing;
            else if (double.IsNaN(target[i])) target[i] = double.NaN;
    }

    /// <summary>A table's values do not change, so the first ones need not be copied where none is missing.</summary>
    protected override void AddNumbers(NumericColumn column)
    {
        if (count == 0 && column.Validity.IsEmpty) (lent, count) = (column.Values, column.Length);
        else base.AddNumbers(column);
    }

    public override void AddNull(long added)
    {
        if (added >= 0) Grow(checked((int)added)).Fill(Missing);
        else nullsMoved -= added;
    }

    /// <summary>Rows that a table listed as null and that turned out to be of another type.</summary>
    long nullsMoved;

    public override void AddMismatched(long added)
    {
        mismatched += added;
    }

    public override void Clear() => (count, mismatched, nullsMoved, lent) = (0, 0, 0, default);

    Span<double> Grow(int more)
    {
        if (!lent.IsEmpty)
        {
            var whole = lent.Span;
            (lent, count) = (default, 0);
            AddNumbers(whole, default, 0);
        }
        if (count + more > values.Length) Array.Resize(ref values, Math.Max(checked(count + more), values.Length * 2));
        count += more;
        return values.AsSpan(count - more, more);
    }

    static bool IsMissing(double value) => BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(Missing);

    public override ColumnProfile ToProfile(int[] order)
    {
        var present = Present();
        var room = ArrayPool<double>.Shared.Rent(Math.Max(1, present.Length));
        var sorted = room.AsSpan(0, Quantiles.SortFinite(present.Span, room));
        // Without a single finite value there is no scale: one cell at 0, so that whatever comes later is above or below it.
        var binning = sorted.Length > 0 ? Binning.ChooseSorted(rule, sorted, bins) : Binning.Of([0, double.Epsilon]);
        var counter = new HistogramCounter(binning);
        counter.Add(present.Span, default, 0);
        counter.AddNull(count - present.Length - nullsMoved);
        counter.AddMismatched(mismatched);
        var signature = Signature.Of(Spec);
        signature?.Add(present.Span, default, 0);
        var sketch = QuantileSketch.OfSorted(sorted);
        ArrayPool<double>.Shared.Return(room);
        return new(Spec, counter.ToHistogram()) { DesignEffect = Effect(binning, order), Forbidden = signature?.Forbidden ?? 0, Sketch = sketch };
    }

    double Row(int row) => lent.IsEmpty ? values[row] : lent.Span[row];

    /// <summary>The values without the missing rows, in row order.</summary>
    ReadOnlyMemory<double> Present()
    {
        if (!lent.IsEmpty) return lent;
        var missing = 0;
        foreach (var value in values.AsSpan(0, count)) missing += IsMissing(value) ? 1 : 0;
        if (missing == 0) return values.AsMemory(0, count);
        var present = new double[count - missing];
        var kept = 0;
        foreach (var value in values.AsSpan(0, count))
            if (!IsMissing(value)) present[kept++] = value;
        return present;
    }

    double Effect(Binning binning, int[] order) =>
        order.Length != count ? 1 : Drift.DesignEffect.Estimate(order, binning.Count, row => Row(row) is var value && IsMissing(value) ? -1 : binning.BinOf(value));
}
