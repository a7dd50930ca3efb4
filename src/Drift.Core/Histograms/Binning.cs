namespace Drift;

/// <summary>
/// The rule that sends a number to a cell: strictly increasing edges, cells [e(i), e(i+1)), the last one closed on both sides.
/// <see cref="BinOf"/> is the specification; the vector kernels agree with it bit for bit.
/// </summary>
public sealed partial class Binning : IEquatable<Binning>
{
    /// <summary>The most cells that a binning may have.</summary>
    public const int MaxCount = 4096;

    /// <summary>What <see cref="BinOf"/> returns for a finite number below the first edge.</summary>
    public const int Below = -1;

    /// <summary>What <see cref="BinOf"/> returns for a finite number above the last edge.</summary>
    public const int Above = -2;

    /// <summary>What <see cref="BinOf"/> returns for negative infinity.</summary>
    public const int NegativeInfinity = -3;

    /// <summary>What <see cref="BinOf"/> returns for positive infinity.</summary>
    public const int PositiveInfinity = -4;

    /// <summary>What <see cref="BinOf"/> returns for NaN.</summary>
    public const int NaN = -5;

    readonly double[] edges;
    CellKernel? kernel;

    Binning(double[] edges)
    {
        this.edges = edges;
        if (Drift.UniformRule.Fit(edges[0], edges[^1], Count) is { } rule && rule.Matches(edges)) uniform = rule;
    }

    /// <summary>The edges, one more than there are cells.</summary>
    public ReadOnlySpan<double> Edges => edges;

    /// <summary>The fastest way on this machine to count into these cells.</summary>
    internal CellKernel Kernel => kernel ??= CellKernel.For(this);

    /// <summary>How many cells there are.</summary>
    public int Count => edges.Length - 1;

    /// <summary>A binning with the given edges.</summary>
    /// <exception cref="ArgumentException">Fewer than two edges, too many, one that is not finite, or not strictly increasing.</exception>
    public static Binning Of(ReadOnlySpan<double> edges)
    {
        if (edges.Length < 2) throw new ArgumentException($"a binning needs at least 2 edges, {edges.Length} given", nameof(edges));
        if (edges.Length > MaxCount + 1) throw new ArgumentException($"a binning has at most {MaxCount} cells, {edges.Length - 1} given", nameof(edges));
        var own = new double[edges.Length];
        for (var i = 0; i < edges.Length; i++)
        {
            if (!double.IsFinite(edges[i])) throw new ArgumentException($"edge {i} is {edges[i]:R}; edges are finite", nameof(edges));
            if (i > 0 && !(edges[i] > edges[i - 1])) throw new ArgumentException($"edge {i} ({edges[i]:R}) is not above edge {i - 1} ({edges[i - 1]:R})", nameof(edges));
            own[i] = edges[i] + 0.0; // -0.0 becomes 0.0, so that equal edges are equal bits
        }
        return new(own);
    }

    /// <summary>The cell of a number, 0 to <see cref="Count"/> - 1, or one of the negative codes of this class.</summary>
    public int BinOf(double x)
    {
        if (double.IsNaN(x)) return NaN;
        if (double.IsInfinity(x)) return x > 0 ? PositiveInfinity : NegativeInfinity;
        if (x < edges[0]) return Below;
        if (x > edges[^1]) return Above;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (x >= edges[middle]) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /// <summary>Whether a cell holds exactly one value (it is [v, BitIncrement(v))).</summary>
    public bool IsPoint(int cell) => edges[cell + 1] == Math.BitIncrement(edges[cell]);

    /// <summary>Equal edges, bit by bit.</summary>
    public bool Equals(Binning? other) => other is not null && (ReferenceEquals(this, other) || Edges.SequenceEqual(other.edges));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Binning);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, edges[0], edges[^1]);
}
