using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>
/// Up to 62 cells of any width for machines without AVX-512: the search of <see cref="TreeOneHot512"/> on the upper halves of the doubles, eight at a time.
/// A number and an edge whose upper halves are equal are told apart only where it happens: the search goes left there and says so, and a second step
/// compares the lower halves. An edge without a lower half, like the whole and short numbers that many values equal, needs no second step for positive values.
/// </summary>
[SkipLocalsInit]
sealed unsafe class TreeOneHot256 : CellKernel
{
    /// <summary>64 leaves, two of them for what is outside.</summary>
    const int MaxCells = 62;

    /// <summary>So many edges may have one upper half; more would take as many second steps.</summary>
    const int MaxSteps = 4;

    /// <summary>Values that are settled together.</summary>
    const int GroupLength = 16;

    readonly int cells, levels;
    readonly Tables tables;

    TreeOneHot256(int cells, int levels, Tables tables) => (this.cells, this.levels, this.tables) = (cells, levels, tables);

    /// <summary>A kernel for these edges; null where there are too many, or too many in one place.</summary>
    public static TreeOneHot256? Fit(ReadOnlySpan<double> edges)
    {
        if (edges.Length - 1 > MaxCells) return null;
        var levels = edges.Length < 16 ? 4 : edges.Length < 32 ? 5 : 6;
        var tables = new Tables(edges, levels);
        return tables.Steps > MaxSteps ? null : new(edges.Length - 1, levels, tables);
    }

    public override int Count(double* values, int length, long* counts)
    {
        var leaves = stackalloc int[Block + GroupLength];
        var padded = (length + GroupLength - 1) / GroupLength * GroupLength;
        switch (levels)
        {
            case 4: Find<FourLevels>(values, length, leaves); break;
            case 5: Find<FiveLevels>(values, length, leaves); break;
            default: Find<SixLevels>(values, length, leaves); break;
        }
        return levels < 6
            ? HarleySeal256.Count(default(NarrowLeaves256), leaves, padded, 0, 1, cells, counts)
            : HarleySeal256.Count(default(WideLeaves256), leaves, padded, 0, 1, cells, counts);
    }

    /// <summary>The leaf of each value, 0 for what is below all cells and one after the last cell's for what is above, or NaN.</summary>
    void Find<TLevels>(double* values, int length, int* leaves) where TLevels : ILevels
    {
        var whole = length / GroupLength * GroupLength;
        Search<TLevels>(values, whole, leaves);
        if (whole == length) return;
        var tail = stackalloc double[GroupLength];
        new Span<double>(tail, GroupLength).Fill(double.NaN);
        new Span<double>(values + whole, length - whole).CopyTo(new(tail, GroupLength));
        Search<TLevels>(tail, GroupLength, leaves + whole);
    }

    void Search<TLevels>(double* values, int length, int* leaves) where TLevels : ILevels
    {
        var unsettled = stackalloc int[Block / GroupLength + 1];
        var equal = stackalloc int[Block];
        var last = unsettled;
        fixed (int* nodes = tables.Nodes)
        {
            var tree = new Tree<TLevels>(nodes);
            for (var at = 0; at < length; at += GroupLength)
            {
                var any = tree.Sixteen(values + at, leaves + at, equal + at);
                *last = at;
                last += Avx.MoveMask(any.AsSingle()) == 0 ? 0 : 1;
            }
        }
        Settle<TLevels>(values, leaves, equal, unsettled, last);
    }

    /// <summary>Compares the lower halves where the upper ones are equal: to the right of the edge after the leaf, and of the edges after it that have the same upper half.</summary>
    void Settle<TLevels>(double* values, int* leaves, int* equal, int* group, int* last) where TLevels : ILevels
    {
        var steps = tables.Steps;
        fixed (int* first = tables.Befores, more = tables.Agains)
            for (; group < last; group++)
                for (var at = *group; at < *group + GroupLength; at += 8)
                {
                    var (a, b) = (Vector256.Load(values + at), Vector256.Load(values + at + 4));
                    var lower = Halves(a, b, 0x88) ^ (Halves(a, b, 0xDD) >> 31) ^ Vector256.Create(int.MinValue);
                    var leaf = Vector256.Load(leaves + at);
                    var right = Vector256.Load(equal + at) & Avx2.CompareGreaterThan(lower, Look<TLevels>(first, leaf));
                    leaf -= right;
                    for (var step = 1; step < steps; step++)
                    {
                        right &= Avx2.CompareGreaterThan(lower, Look<TLevels>(more, leaf));
                        leaf -= right;
                    }
                    leaf.Store(leaves + at);
                }
    }

    /// <summary>The entries of a table of as many as there are leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Look<TLevels>(int* table, Vector256<int> at) where TLevels : ILevels
    {
        if (TLevels.Count == 4) return Look16(table, at);
        var half = Select(Look16(table, at), Look16(table + 16, at), at << 27);
        return TLevels.Count == 5 ? half : Select(half, Select(Look16(table + 32, at), Look16(table + 48, at), at << 27), at << 26);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Look16(int* table, Vector256<int> at) =>
        Select(Avx2.PermuteVar8x32(Vector256.Load(table), at), Avx2.PermuteVar8x32(Vector256.Load(table + 8), at), at << 28);

    /// <summary>The upper or the lower halves of eight doubles, in an order of their own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Halves(Vector256<double> a, Vector256<double> b, [ConstantExpected] byte which) => Avx.Shuffle(a.AsSingle(), b.AsSingle(), which).AsInt32();

    /// <summary>Integers in the order of the upper halves: negative numbers turn all their bits but the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Key(Vector256<int> upper) => Select(upper, Vector256.Create(int.MaxValue) ^ upper, upper);

    /// <summary>The second where the sign is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Select(Vector256<int> a, Vector256<int> b, Vector256<int> sign) => Avx.BlendVariable(a.AsSingle(), b.AsSingle(), sign.AsSingle()).AsInt32();

    /// <summary>The nodes in registers.</summary>
    readonly struct Tree<TLevels>(int* nodes) where TLevels : ILevels
    {
        readonly Vector256<int> n0 = Vector256.Load(nodes), n1 = Vector256.Load(nodes + 8), n2 = Vector256.Load(nodes + 16), n3 = Vector256.Load(nodes + 24);
        readonly int* more = nodes + 32;

        /// <summary>Writes the leaves of sixteen values, eight by eight in step because each comparison waits for the one before; returns where a value's upper half is that of the edge after the leaf.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<int> Sixteen(double* values, int* leaves, int* equal)
        {
            var a = Key(Halves(Vector256.Load(values), Vector256.Load(values + 4), 0xDD));
            var b = Key(Halves(Vector256.Load(values + 8), Vector256.Load(values + 12), 0xDD));
            var (a0, b0) = (Avx2.CompareGreaterThan(a, n0), Avx2.CompareGreaterThan(b, n0));
            // The last node at which the search went left.
            var (leftA, leftB) = (n0 | a0, n0 | b0);
            // Minus the position in a level; a permutation takes its lowest bits, of which the first comparison is enough for the second level.
            var (atA, atB) = (a0, b0);
            var a1 = Step(a, Four(n1, a0), ref leftA, ref atA);
            var b1 = Step(b, Four(n1, b0), ref leftB, ref atB);
            Step(a, Four(n2, atA), ref leftA, ref atA);
            Step(b, Four(n2, atB), ref leftB, ref atB);
            Step(a, Eight(n3, atA), ref leftA, ref atA);
            Step(b, Eight(n3, atB), ref leftB, ref atB);
            if (TLevels.Count > 4)
            {
                Step(a, Sixteen(more, atA, a0), ref leftA, ref atA);
                Step(b, Sixteen(more, atB, b0), ref leftB, ref atB);
            }
            if (TLevels.Count > 5)
            {
                Step(a, Select(Sixteen(more + 16, atA, a1), Sixteen(more + 32, atA, a1), a0), ref leftA, ref atA);
                Step(b, Select(Sixteen(more + 16, atB, b1), Sixteen(more + 32, atB, b1), b0), ref leftB, ref atB);
            }
            (-atA).Store(leaves);
            (-atB).Store(leaves + 8);
            var (equalA, equalB) = (Avx2.CompareEqual(a, leftA), Avx2.CompareEqual(b, leftB));
            equalA.Store(equal);
            equalB.Store(equal + 8);
            return equalA | equalB;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Step(Vector256<int> key, Vector256<int> node, ref Vector256<int> left, ref Vector256<int> at)
        {
            var right = Avx2.CompareGreaterThan(key, node);
            left = Select(node, left, right);
            at = at + at + right;
            return right;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Sixteen(int* nodes, Vector256<int> at, Vector256<int> upper) => Select(Eight(Vector256.Load(nodes), at), Eight(Vector256.Load(nodes + 8), at), upper);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Four(Vector256<int> nodes, Vector256<int> at) => Avx.PermuteVar(nodes.AsSingle(), at).AsInt32();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Eight(Vector256<int> nodes, Vector256<int> at) => Avx2.PermuteVar8x32(nodes, at);
    }

    /// <summary>The edges as the search needs them.</summary>
    sealed class Tables
    {
        public int[] Nodes { get; } = new int[10 * 8];

        /// <summary>By leaf: with an equal upper half, what the lower half must be above to lie right of the next edge.</summary>
        public int[] Befores { get; } = new int[64];

        /// <summary>The same after an edge with the same node was passed.</summary>
        public int[] Agains { get; } = new int[64];

        /// <summary>How many edges at most have the same node.</summary>
        public int Steps { get; } = 1;

        public Tables(ReadOnlySpan<double> edges, int levels)
        {
            var sorted = new int[(1 << levels) - 1];
            Array.Fill(sorted, int.MaxValue);
            Array.Fill(Befores, int.MaxValue);
            Array.Fill(Agains, int.MaxValue);
            var run = 0;
            for (var i = 0; i < edges.Length; i++)
            {
                // The last cell holds its upper edge.
                var bits = BitConverter.DoubleToInt64Bits(i == edges.Length - 1 ? Math.BitIncrement(edges[i]) : edges[i]);
                if (bits < 0) bits ^= long.MaxValue;
                var (upper, lower) = ((int)(bits >> 32), (uint)bits);
                // To go right is to be above the node. Where the edge has no lower half that is being above the upper half before, which holds nothing
                // right of the edge; but if the edge is 0, the last number with that upper half is -0.
                sorted[i] = lower == 0 ? upper - 1 : upper;
                Befores[i] = lower > 0 ? (int)(lower - 1) ^ int.MinValue : bits == 0 ? int.MaxValue - 1 : int.MaxValue;
                run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
                if (run > 1) Agains[i] = Befores[i];
                Steps = Math.Max(Steps, run);
            }
            for (var level = 0; level < levels; level++)
                for (var i = 0; i < Math.Max(8, 1 << level); i++)
                {
                    // The search has minus the position, so the nodes stand in reverse; small levels are repeated.
                    var node = -i & (1 << level) - 1;
                    if (level > 3) node = (i / 8 << 3) | (-i & 7);
                    Nodes[First(level) + i] = sorted[((2 * node + 1) << (levels - 1 - level)) - 1];
                }
        }

        static int First(int level) => level < 4 ? 8 * level : level == 4 ? 32 : 48;
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
