namespace Drift;

/// <summary>
/// The cell of x as floor(fma(x, Scale, Offset)), for cells of equal width. The fma is rounded once and never decreases with x, so each cell
/// begins at one exact double, its threshold; thresholds published as edges make the formula and a search agree on every double.
/// </summary>
/// <param name="Min">The first edge: cell 0 begins exactly here.</param>
/// <param name="Max">The last edge: the formula gives at least Count here, which still belongs to the last cell, and for everything above.</param>
/// <param name="Count">How many cells.</param>
/// <param name="Scale">Cells per unit.</param>
/// <param name="Offset">Minus the first edge in cells.</param>
readonly record struct UniformRule(double Min, double Max, int Count, double Scale, double Offset)
{
    /// <summary>Beyond this scale, and below its inverse, there is no formula: the fma of an edge's neighbour might be rounded to zero.</summary>
    const double Extreme = 1e280;

    /// <summary>With 0 as first edge the smallest scale whose product with <see cref="Tiny"/> is not rounded to zero.</summary>
    const double SmallestFromZero = 1e-20;

    const double Tiny = 1e-300;

    const int Attempts = 200;

    /// <summary>
    /// With 0 as first edge and a scale of at most 1/2, the product of the scale and a negative number of the subnormals' size is -0: such a
    /// number lies below all cells, but the formula says cell 0.
    /// </summary>
    public bool MissesTinyNegatives => Min == 0 && Scale <= 0.5;

    /// <summary>Whether the formula says wrongly that x is in a cell; only where <see cref="MissesTinyNegatives"/>.</summary>
    public static bool IsTinyNegative(double x) => x < 0 && x > -Tiny;

    public double Position(double x) => Math.FusedMultiplyAdd(x, Scale, Offset);

    /// <summary>Nudges scale and offset by units in the last place until cell 0 begins at min and everything above max is beyond the last cell.</summary>
    public static UniformRule? Fit(double min, double max, int count)
    {
        var scale = count / (max - min);
        for (var attempt = 0; attempt < Attempts; attempt++, scale = Math.BitIncrement(scale))
        {
            var rule = new UniformRule(min, max, count, scale, -(min * scale) + 0.0);
            if (!(scale is > 1 / Extreme and < Extreme) || min == 0 && scale < SmallestFromZero || !double.IsFinite(rule.Offset)) return null;
            if (rule.Position(min) < 0) rule = rule with { Offset = Math.BitIncrement(rule.Offset) };
            var begins = rule.Position(min) >= 0 && (min == 0 || rule.Position(Math.BitDecrement(min)) < 0);
            if (begins && rule.Position(min) < 1 && rule.Position(max) >= count) return rule;
        }
        return null;
    }

    /// <summary>Whether an edge is the smallest double of its cell.</summary>
    public bool IsThreshold(double edge, int cell) => Position(edge) >= cell && Position(Math.BitDecrement(edge)) < cell;

    /// <summary>Whether these are the edges of this rule.</summary>
    public bool Matches(ReadOnlySpan<double> edges)
    {
        for (var cell = 1; cell < Count; cell++)
            if (!IsThreshold(edges[cell], cell)) return false;
        return true;
    }

    /// <summary>The edges: min, the thresholds, max; null where two of them coincide.</summary>
    public double[]? Edges()
    {
        var edges = new double[Count + 1];
        (edges[0], edges[Count]) = (Min, Max);
        for (var cell = 1; cell < Count; cell++)
        {
            edges[cell] = Threshold(cell);
            if (!(edges[cell] > edges[cell - 1])) return null;
        }
        return edges[Count] > edges[Count - 1] ? edges : null;
    }

    /// <summary>Bisection over the doubles themselves: near 0 a guess may be many doubles off.</summary>
    double Threshold(int cell)
    {
        var (below, at) = (Key(Min), Key(Max));
        while (at > below + 1)
        {
            var middle = (below & at) + ((below ^ at) >> 1); // the mean without overflow
            if (Position(Double(middle)) >= cell) at = middle;
            else below = middle;
        }
        return Double(at);
    }

    /// <summary>Integers in the order of the doubles; the two zeros are one.</summary>
    static long Key(double x) => BitConverter.DoubleToInt64Bits(x) is var bits && bits < 0 ? long.MinValue - bits : bits;

    static double Double(long key) => BitConverter.Int64BitsToDouble(key < 0 ? long.MinValue - key : key);
}
