namespace Drift.Core.Tests.Measures;

/// <summary>
/// A model whose data never change: 49 numeric columns of ten cells, one of them with 0.5 % nulls, and one open vocabulary, drawn as counts; a reference of 50,000 rows and windows of 1,000 unless told otherwise.
/// </summary>
sealed class StableWorld
{
    const int Numeric = 49;
    readonly int windowRows;
    readonly double[] shares = [1e-5, .. Enumerable.Repeat((1 - 2e-5) / 10, 10), 1e-5]; // below, ten cells, above: the reference's own ends
    readonly Binning binning = Binning.Uniform(0, 10, 10);
    readonly double[] words = [.. Enumerable.Range(1, 30_000).Select(rank => 1 / (rank + 20.0))];
    readonly double[] cumulated;

    public StableWorld(Random random, int windowRows = 1000, int referenceRows = 50_000)
    {
        this.windowRows = windowRows;
        cumulated = new double[words.Length];
        var sum = 0.0;
        for (var i = 0; i < words.Length; i++) cumulated[i] = sum += words[i];
        Names = [.. Enumerable.Range(0, Numeric).Select(i => $"c{i}"), "open"];
        var builder = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Categorical("open"))).Add("open", Words(random, referenceRows));
        Open = builder.ToProfile();
        var columns = Enumerable.Range(0, Numeric).Select(i => Column(random, i, referenceRows, reference: true));
        Reference = new(columns.Append(Open.Columns[0]), referenceRows);
    }

    public string[] Names { get; }

    public Profile Reference { get; }

    Profile Open { get; }

    public Profile Window(Random random)
    {
        var open = ProfileBuilder.ForWindow(Open).Add("open", Words(random, windowRows)).ToProfile();
        return new(Enumerable.Range(0, Numeric).Select(i => Column(random, i, windowRows, reference: false)).Append(open.Columns[0]), windowRows);
    }

    ColumnProfile Column(Random random, int i, int rows, bool reference)
    {
        var nulls = i == 0 ? random.Binomial(rows, 0.005) : 0;
        var drawn = Sampling.Multinomial(random, shares, rows - nulls);
        // A reference's edges are its own smallest and largest value, so it has nothing outside them.
        if (reference) (drawn[1], drawn[10], drawn[0], drawn[11]) = (drawn[1] + drawn[0], drawn[10] + drawn[11], 0, 0);
        return new(ColumnSpec.Numeric($"c{i}"), new Histogram(binning, drawn[1..11]) { Null = nulls, Below = drawn[0], Above = drawn[11] });
    }

    IEnumerable<string> Words(Random random, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            var at = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
            yield return $"w{(at < 0 ? ~at : at)}";
        }
    }
}
