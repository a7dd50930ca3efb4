using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>
/// A never decreasing map from the doubles to at most 4096 cells that spreads a sample evenly enough whatever its tails: equal steps near the centre,
/// then as many cells for each doubling of the distance from it. The cell is read off the bits of 1 + |x - centre| / width: the exponent counts the
/// doublings, the upper bits of the fraction divide them. Only operations that every machine rounds alike.
/// </summary>
readonly partial record struct SampleGrid
{
    /// <summary>The most cells.</summary>
    public const int MaxCells = 4096;

    /// <summary>Bits of a double's fraction in its upper half, which is all that the cells need.</summary>
    const int FractionBits = 20;

    const uint One = 0x3FF00000;

    readonly double centre, inverse;
    readonly int shift;
    readonly uint half;

    SampleGrid(double centre, double inverse, int shift, uint half) => (this.centre, this.inverse, this.shift, this.half) = (centre, inverse, shift, half);

    /// <summary>How many cells there are.</summary>
    public int Count => (int)half * 2;

    /// <summary>A grid for what is distributed like an ascending sample without NaN.</summary>
    /// <param name="sorted">The sample, or a part of it drawn evenly.</param>
    /// <param name="cells">How many cells: a power of 2.</param>
    public static SampleGrid For(ReadOnlySpan<double> sorted, int cells)
    {
        double centre = At(sorted, 0.5) + 0.0, far = Math.Max(At(sorted, 0.9995) - centre, centre - At(sorted, 0.0005));
        // The spread of the middle half; where half of the values are one value, of more.
        var width = (At(sorted, 0.75) - At(sorted, 0.25)) / 2;
        if (!(width > 0)) width = (At(sorted, 0.95) - At(sorted, 0.05)) / 4;
        if (!(width > 0)) width = far / 4;
        var inverse = width is > 1e-280 and < 1e280 ? 1 / width : 1;
        var doublings = Math.Max(1, (int)Math.Ceiling(Math.Log2(1 + Math.Min(far * inverse, 1e300))));
        var parts = Math.Max(0, (int)Math.Floor(Math.Log2(cells / 2.0 / doublings)));
        return new(centre, inverse, FractionBits - parts, (uint)cells / 2);
    }

    /// <summary>The same grid with 2^<paramref name="powers"/> cells in one.</summary>
    public SampleGrid Coarser(int powers) => new(centre, inverse, shift + powers, half >> powers);

    static double At(ReadOnlySpan<double> sorted, double share) => Math.Clamp(sorted[(int)((sorted.Length - 1) * share)], -1e300, 1e300);

    /// <summary>The cell of a number; NaN goes to an outer one.</summary>
    public int CellOf(double x)
    {
        var distance = centre - x; // +0 at the centre, whichever zero x is
        var position = Math.FusedMultiplyAdd(Math.Abs(distance), inverse, 1);
        var step = Math.Min((uint)(BitConverter.DoubleToUInt64Bits(position) >> 32) - One >> shift, half - 1);
        // Turned where the distance is not negative, without a branch that would be guessed wrong half of the time.
        return (int)(half + (step ^ ~(uint)(BitConverter.DoubleToInt64Bits(distance) >> 63)));
    }

    /// <summary>The cells of many numbers; returns whether there may be a NaN among them.</summary>
    public bool CellsOf(ReadOnlySpan<double> values, Span<ushort> cells)
    {
        var (done, found) = Avx512F.IsSupported ? Vectors(values, cells) : Avx2.IsSupported && Fma.IsSupported ? Vectors256(values, cells) : (0, false);
        for (; done < values.Length; done++)
        {
            found |= double.IsNaN(values[done]);
            cells[done] = (ushort)CellOf(values[done]);
        }
        return found;
    }
}
