using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>
/// Up to 62 cells of any width: a binary search whose tree lies in registers, one level per permutation. The first edge and the next double after the
/// last are ordinary edges of the tree, so leaf 0 is "below or NaN", leaf i + 1 is cell i and the leaf after the last cell is "above"; the leaf is the
/// position of the one bit. Four vectors walk in step, because each level waits for the one before.
/// </summary>
sealed unsafe class TreeOneHot512 : OneHot512
{
    /// <summary>64 leaves, two of them for what is outside.</summary>
    public const int MaxCells = 62;

    readonly int levels;
    readonly Vector512<double> n0, n1, n2, n3, n4, n4b, n5, n5b, n5c, n5d;

    public TreeOneHot512(ReadOnlySpan<double> edges) : base(1, edges.Length - 1)
    {
        var nodes = edges.ToArray();
        nodes[^1] = Math.BitIncrement(nodes[^1]);
        levels = nodes.Length < 16 ? 4 : nodes.Length < 32 ? 5 : 6;
        (n0, n1, n2, n3) = (Level(nodes, 0), Level(nodes, 1), Level(nodes, 2), Level(nodes, 3));
        if (levels > 4) (n4, n4b) = (Level(nodes, 4), Level(nodes, 4, 8));
        if (levels > 5) (n5, n5b, n5c, n5d) = (Level(nodes, 5), Level(nodes, 5, 8), Level(nodes, 5, 16), Level(nodes, 5, 24));
    }

    /// <summary>Eight nodes of a level; a node without an edge is NaN, which nothing is at or above.</summary>
    Vector512<double> Level(double[] edges, int level, int from = 0)
    {
        Span<double> nodes = stackalloc double[8];
        for (var i = 0; i < 8; i++)
        {
            var node = from + i & (1 << level) - 1;
            var edge = ((2 * node + 1) << (levels - 1 - level)) - 1;
            nodes[i] = edge < edges.Length ? edges[edge] : double.NaN;
        }
        return Vector512.Create<double>(nodes);
    }

    protected override void AddUp<T, TLoad>(T* values, int whole, int groups, T* tail, Vector512<ulong>* planes)
    {
        switch (levels)
        {
            case 4: AddUp<T, TLoad, FourLevels>(values, whole, groups, tail, planes); break;
            case 5: AddUp<T, TLoad, FiveLevels>(values, whole, groups, tail, planes); break;
            default: AddUp<T, TLoad, SixLevels>(values, whole, groups, tail, planes); break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void AddUp<T, TLoad, TLevels>(T* values, int whole, int groups, T* tail, Vector512<ulong>* planes) where T : unmanaged where TLoad : ILoad512<T> where TLevels : ILevels
    {
        Vector512<ulong> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        for (var group = 0; group < groups; group++)
        {
            var from = group < whole ? values + group * GroupLength : tail;
            var a = Four<T, TLoad, TLevels>(from, ref p0, ref p1);
            var b = Four<T, TLoad, TLevels>(from + 32, ref p0, ref p1);
            var ab = HarleySeal512.Add(ref p2, a, b);
            var c = Four<T, TLoad, TLevels>(from + 64, ref p0, ref p1);
            var d = Four<T, TLoad, TLevels>(from + 96, ref p0, ref p1);
            var cd = HarleySeal512.Add(ref p2, c, d);
            HarleySeal512.Ripple(HarleySeal512.Add(ref p3, ab, cd), ref p4, ref p5, ref p6, ref p7);
        }
        (planes[0], planes[1], planes[2], planes[3]) = (p0, p1, p2, p3);
        (planes[4], planes[5], planes[6], planes[7]) = (p4, p5, p6, p7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<ulong> Four<T, TLoad, TLevels>(T* from, ref Vector512<ulong> ones, ref Vector512<ulong> twos) where T : unmanaged where TLoad : ILoad512<T> where TLevels : ILevels
    {
        var (xa, xb, xc, xd) = (Load<T, TLoad>(from), Load<T, TLoad>(from + 8), Load<T, TLoad>(from + 16), Load<T, TLoad>(from + 24));
        // A comparison shifted down is 0 or 1; a select between two constants would wait for its own stale target.
        var (ta, tb, tc, td) = (Vector512.GreaterThanOrEqual(xa, n0), Vector512.GreaterThanOrEqual(xb, n0), Vector512.GreaterThanOrEqual(xc, n0), Vector512.GreaterThanOrEqual(xd, n0));
        var (a, b, c, d) = (ta.AsInt64() >>> 63, tb.AsInt64() >>> 63, tc.AsInt64() >>> 63, td.AsInt64() >>> 63);
        (a, b, c, d) = (Step(a, xa, Node(n1, a)), Step(b, xb, Node(n1, b)), Step(c, xc, Node(n1, c)), Step(d, xd, Node(n1, d)));
        (a, b, c, d) = (Step(a, xa, Node(n2, a)), Step(b, xb, Node(n2, b)), Step(c, xc, Node(n2, c)), Step(d, xd, Node(n2, d)));
        (a, b, c, d) = (Step(a, xa, Node(n3, a)), Step(b, xb, Node(n3, b)), Step(c, xc, Node(n3, c)), Step(d, xd, Node(n3, d)));
        if (TLevels.Count > 4) (a, b, c, d) = (Step(a, xa, Node(n4, n4b, a)), Step(b, xb, Node(n4, n4b, b)), Step(c, xc, Node(n4, n4b, c)), Step(d, xd, Node(n4, n4b, d)));
        if (TLevels.Count > 5) (a, b, c, d) = (Step(a, xa, Last(ta, a)), Step(b, xb, Last(tb, b)), Step(c, xc, Last(tc, c)), Step(d, xd, Last(td, d)));
        return HarleySeal512.AddFour(ref ones, ref twos, Word(a), Word(b), Word(c), Word(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Word(Vector512<long> leaf) => Avx512F.ShiftLeftLogicalVariable(Vector512<ulong>.One, leaf.AsUInt64());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Node(Vector512<double> nodes, Vector512<long> at) => Avx512F.PermuteVar8x64(nodes, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Node(Vector512<double> low, Vector512<double> high, Vector512<long> at) => Avx512F.PermuteVar8x64x2(low, at, high);

    /// <summary>The sixth level has 32 nodes: the first comparison says in which half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<double> Last(Vector512<double> upper, Vector512<long> at) => Vector512.ConditionalSelect(upper, Node(n5c, n5d, at), Node(n5, n5b, at));

    /// <summary>To the left child 2i or the right child 2i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<long> Step(Vector512<long> at, Vector512<double> x, Vector512<double> node)
    {
        var left = at + at;
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, node).AsInt64(), left + Vector512<long>.One, left);
    }

    interface ILevels
    {
        static abstract int Count { get; }
    }

    readonly struct FourLevels : ILevels
    {
        public static int Count => 4;
    }

    readonly struct FiveLevels : ILevels
    {
        public static int Count => 5;
    }

    readonly struct SixLevels : ILevels
    {
        public static int Count => 6;
    }
}
