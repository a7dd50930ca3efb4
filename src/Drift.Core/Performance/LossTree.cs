namespace Drift;

/// <summary>A regression tree with several outputs that share its splits, on small ordered codes. A node sends codes up to its cut to the left.</summary>
sealed class LossTree(IReadOnlyList<LossTree.Node> nodes)
{
    /// <summary>A node; a leaf has no feature (-1) and the means of its rows.</summary>
    public readonly record struct Node(int Feature, int Cut, int Left, int Right, double[] Means)
    {
        public bool IsLeaf => Feature < 0;
    }

    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The means of the leaf that a row falls into.</summary>
    public double[] Of(byte[][] codes, int row)
    {
        var node = nodes[0];
        while (!node.IsLeaf) node = nodes[codes[node.Feature][row] <= node.Cut ? node.Left : node.Right];
        return node.Means;
    }

    /// <summary>Grows a tree that lowers the squared error of all outputs, each in units of its own variance.</summary>
    /// <param name="codes">The codes per feature.</param>
    /// <param name="counts">How many codes each feature has.</param>
    /// <param name="outputs">The outputs per row.</param>
    /// <param name="depth">The most splits above a leaf.</param>
    /// <param name="leaf">The fewest rows of a leaf.</param>
    public static LossTree Grow(byte[][] codes, int[] counts, double[][] outputs, int depth, int leaf)
    {
        var nodes = new List<Node>();
        // An output that is the same everywhere has nothing to say about splits, and rounding is no variance.
        var weights = Array.ConvertAll(outputs, y => Moments.Of(y) is var m && m.Variance > 1e-20 * m.Mean * m.Mean ? 1 / m.Variance : 0);
        Grow(nodes, codes, counts, outputs, weights, Enumerable.Range(0, outputs[0].Length).ToArray(), depth, leaf);
        return new(nodes);
    }

    static int Grow(List<Node> nodes, byte[][] codes, int[] counts, double[][] outputs, double[] weights, int[] rows, int depth, int leaf)
    {
        var at = nodes.Count;
        var means = Array.ConvertAll(outputs, y => rows.Sum(i => y[i]) / Math.Max(1, rows.Length));
        nodes.Add(new(-1, 0, 0, 0, means));
        var (feature, cut) = depth == 0 || rows.Length < 2 * leaf ? (-1, 0) : Best(codes, counts, outputs, weights, means, rows, leaf);
        if (feature < 0) return at;
        var left = Grow(nodes, codes, counts, outputs, weights, Array.FindAll(rows, i => codes[feature][i] <= cut), depth - 1, leaf);
        var right = Grow(nodes, codes, counts, outputs, weights, Array.FindAll(rows, i => codes[feature][i] > cut), depth - 1, leaf);
        nodes[at] = new(feature, cut, left, right, means);
        return at;
    }

    /// <summary>The split with the largest gain: the rows' weighted between-sides sum of squares; none when nothing is gained.</summary>
    static (int Feature, int Cut) Best(byte[][] codes, int[] counts, double[][] outputs, double[] weights, double[] means, int[] rows, int leaf)
    {
        var best = (Feature: -1, Cut: 0, Gain: 1e-9 * rows.Length);
        for (var f = 0; f < codes.Length; f++)
        {
            var sizes = new int[counts[f]];
            var sums = new double[outputs.Length][];
            foreach (var i in rows) sizes[codes[f][i]]++;
            for (var k = 0; k < outputs.Length; k++)
            {
                sums[k] = new double[counts[f]];
                foreach (var i in rows) sums[k][codes[f][i]] += outputs[k][i] - means[k];
            }
            var before = 0;
            var running = new double[outputs.Length];
            for (var cut = 0; cut < counts[f] - 1; cut++)
            {
                before += sizes[cut];
                for (var k = 0; k < running.Length; k++) running[k] += sums[k][cut];
                if (before < leaf || rows.Length - before < leaf || sizes[cut] == 0) continue;
                double gain = 0;
                for (var k = 0; k < running.Length; k++) gain += weights[k] * running[k] * running[k];
                gain *= 1.0 / before + 1.0 / (rows.Length - before);
                if (gain > best.Gain) best = (f, cut, gain);
            }
        }
        return (best.Feature, best.Cut);
    }
}
