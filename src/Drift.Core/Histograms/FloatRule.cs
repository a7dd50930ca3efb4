namespace Drift;

/// <summary>
/// The cell of a float by a formula in floats and one correction: i = floor(fma(x, Scale, Offset)) is the cell or the one after it, and i - 1 where
/// x lies below the first float of cell i. Comparing with those floats is comparing the double that x is with the edges.
/// </summary>
/// <param name="Scale">Cells per unit.</param>
/// <param name="Offset">Minus the first edge in cells, and a little more.</param>
/// <param name="First">The smallest float of each cell.</param>
readonly record struct FloatRule(float Scale, float Offset, float[] First)
{
    /// <summary>One 32-bit word has a bit for each cell.</summary>
    public const int MaxCells = 32;

    /// <summary>A rule that is right for every float; null where floats are too coarse for it.</summary>
    public static FloatRule? Fit(UniformRule rule, ReadOnlySpan<double> edges)
    {
        if (rule.Count > MaxCells) return null;
        var first = new float[rule.Count];
        for (var cell = 0; cell < first.Length; cell++) first[cell] = AtLeast(edges[cell]);
        var above = AtLeast(Math.BitIncrement(edges[^1]));
        // The higher the offset, the less often a value is taken for one of the cell before; the lower, the less often for one of the cell after the next.
        for (var raise = 1e-7f; raise < 0.1f; raise *= 2)
        {
            var candidate = new FloatRule((float)rule.Scale, (float)rule.Offset + raise * Math.Max(1, Math.Abs((float)rule.Offset)), first);
            if (candidate.IsRight(above)) return candidate;
        }
        return null;
    }

    public float Position(float x) => MathF.FusedMultiplyAdd(x, Scale, Offset);

    /// <summary>The formula never decreases with x, so the ends of each cell speak for all of it.</summary>
    bool IsRight(float above)
    {
        for (var cell = 0; cell < First.Length; cell++)
        {
            var next = cell == First.Length - 1 ? above : First[cell + 1];
            if (!(next > First[cell] && Position(First[cell]) >= cell && Position(MathF.BitDecrement(next)) < cell + 2)) return false;
        }
        return Position(MathF.BitDecrement(First[0])) < 1 && Position(above) >= First.Length;
    }

    /// <summary>The smallest float that is at least x.</summary>
    static float AtLeast(double x) => (float)x is var nearest && nearest < x ? MathF.BitIncrement(nearest) : nearest;
}
