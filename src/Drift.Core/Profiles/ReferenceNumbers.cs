namespace Drift;

/// <summary>A numeric column of a reference: keeps the values in row order until the cells are chosen.</summary>
sealed class ReferenceNumbers(ColumnSpec spec, int bins, BinningRule rule) : ColumnBuilder(spec)
{
    /// <summary>Marks a row without a value in <see cref="values"/>; a NaN that nothing else produces.</summary>
    static readonly double Missing = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_6472_6966_7401));

    double[] values = [];
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

    public override void Clear() => (count, mismatched, nullsMoved) = (0, 0, 0);

    Span<double> Grow(int more)
    {
        if (count + more > values.Length) Array.Resize(ref values, Math.Max(checked(count + more), values.Length * 2));
        count += more;
        return values.AsSpan(count - more, more);
    }

    static bool IsMissing(double value) => BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(Missing);

    public override ColumnProfile ToProfile(int[] order)
    {
        var present = Array.FindAll(values.AsSpan(0, count).ToArray(), value => !IsMissing(value));
        // Without a single finite value there is no scale: one cell at 0, so that whatever comes later is above or below it.
        var binning = Array.Exists(present, double.IsFinite) ? Binning.Choose(rule, present, bins) : Binning.Of([0, double.Epsilon]);
        var counter = new HistogramCounter(binning);
        counter.Add(present, default, 0);
        counter.AddNull(count - present.Length - nullsMoved);
        counter.AddMismatched(mismatched);
        var signature = Signature.Of(Spec);
        signature?.Add(present, default, 0);
        RadixSort.Sort(present);
        return new(Spec, counter.ToHistogram()) { DesignEffect = Effect(binning, order), Forbidden = signature?.Forbidden ?? 0, Sketch = QuantileSketch.OfSorted(present) };
    }

    double Effect(Binning binning, int[] order) =>
        order.Length != count ? 1 : Drift.DesignEffect.Estimate(order, binning.Count, row => IsMissing(values[row]) ? -1 : binning.BinOf(values[row]));
}
