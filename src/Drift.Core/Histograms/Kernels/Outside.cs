using System.Numerics;

namespace Drift;

/// <summary>What a block held beside its cells.</summary>
struct Outside
{
    public long Below, Above, NaN, NegativeInfinity, PositiveInfinity;

    public readonly long Total => Below + Above + NaN + NegativeInfinity + PositiveInfinity;

    /// <summary>Adds one of the negative codes of <see cref="Binning.BinOf"/>.</summary>
    public void Add(int code)
    {
        switch (code)
        {
            case Binning.Below: Below++; break;
            case Binning.Above: Above++; break;
            case Binning.NaN: NaN++; break;
            case Binning.NegativeInfinity: NegativeInfinity++; break;
            case Binning.PositiveInfinity: PositiveInfinity++; break;
        }
    }

    /// <summary>Adds what lies outside [first, last] among the values; a block that was just counted is still in the first-level cache.</summary>
    public void Add(ReadOnlySpan<double> values, double first, double last)
    {
        var (low, high) = (new Vector<double>(first), new Vector<double>(last));
        var (least, most) = (new Vector<double>(double.NegativeInfinity), new Vector<double>(double.PositiveInfinity));
        var (under, over, bottom, top, same) = (Vector<long>.Zero, Vector<long>.Zero, Vector<long>.Zero, Vector<long>.Zero, Vector<long>.Zero);
        var at = 0;
        for (; at <= values.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            var x = new Vector<double>(values[at..]);
            under -= Vector.LessThan(x, low);
            over -= Vector.GreaterThan(x, high);
            bottom -= Vector.Equals(x, least);
            top -= Vector.Equals(x, most);
            same -= Vector.Equals(x, x);
        }
        NaN += at - Vector.Sum(same);
        NegativeInfinity += Vector.Sum(bottom);
        PositiveInfinity += Vector.Sum(top);
        Below += Vector.Sum(under) - Vector.Sum(bottom);
        Above += Vector.Sum(over) - Vector.Sum(top);
        for (; at < values.Length; at++)
        {
            var x = values[at];
            if (double.IsNaN(x)) NaN++;
            else if (x < first) (Below, NegativeInfinity) = double.IsInfinity(x) ? (Below, NegativeInfinity + 1) : (Below + 1, NegativeInfinity);
            else if (x > last) (Above, PositiveInfinity) = double.IsInfinity(x) ? (Above, PositiveInfinity + 1) : (Above + 1, PositiveInfinity);
        }
    }
}
