namespace Drift.Core.Tests.Profiles;

/// <summary>Rows counted side by side give what each column alone gives.</summary>
public sealed class RowCounterTests
{
    static readonly double[] specials =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, double.Epsilon, -double.Epsilon, 1e-310, -1e-310, double.MaxValue, double.MinValue, 0.1, -1,
    ];

    /// <summary>Columns of every kind: continuous, tied, negative, constant, of few and of many cells, wide, and one whose signature looks at each value.</summary>
    static readonly Profile reference = Build();

    static Profile Build()
    {
        var random = new Random(5);
        double[] Make(Func<double> next) => [.. Enumerable.Range(0, 2000).Select(_ => next())];
        var columns = new (ColumnSpec Spec, int Bins, double[] Values)[]
        {
            (ColumnSpec.Numeric("normal"), 10, Make(() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))),
            (ColumnSpec.Numeric("integers"), 10, Make(() => random.Next(-5, 6))),
            (ColumnSpec.Numeric("tenths"), 10, Make(() => random.Next(0, 300) / 10.0)),
            (ColumnSpec.Numeric("constant"), 10, Make(() => 0.1)),
            (ColumnSpec.Numeric("zeros"), 10, Make(() => random.Next(10) > 0 ? 0 : random.NextDouble())),
            (ColumnSpec.Numeric("huge"), 10, Make(() => (random.NextDouble() - 0.5) * 1e300)),
            (ColumnSpec.Numeric("far"), 10, Make(() => 1e12 + random.Next(1000))),
            (ColumnSpec.Numeric("limited") with { Min = 0, Max = 0.5 }, 10, Make(random.NextDouble)),
            (ColumnSpec.Numeric("many"), 64, Make(random.NextDouble)),
            (ColumnSpec.Numeric("two"), 2, Make(random.NextDouble)),
            (ColumnSpec.Numeric("one"), 1, Make(random.NextDouble)),
        };
        var profiles = columns.Select(c => ProfileBuilder.ForReference(Schema.Of(c.Spec), c.Bins).Add(c.Spec.Name, c.Values).ToProfile().Columns[0]);
        return new Profile([.. profiles], 2000);
    }

    static int Columns => reference.Columns.Count;

    static double[] Row(Random random, int specialsOfThousand) => [.. reference.Columns.Select(column =>
    {
        if (random.Next(1000) < specialsOfThousand) return specials[random.Next(specials.Length)];
        var edges = column.Histogram!.Binning.Edges;
        var edge = edges[random.Next(edges.Length)];
        return random.Next(8) switch { 0 => edge, 1 => Math.BitDecrement(edge), 2 => Math.BitIncrement(edge), 3 => edge * 1.5 - 1, _ => edges[0] + random.NextDouble() * (edges[^1] - edges[0]) };
    })];

    static Profile ByColumn(List<double[]> rows)
    {
        var builder = ProfileBuilder.ForWindow(reference);
        for (var c = 0; c < Columns; c++) builder.AddNumbers(c, rows.Select(row => row[c]).ToArray());
        return builder.ToProfile();
    }

    static void AssertCountsLikeColumns(List<double[]> rows, int[] columns, int flushEvery)
    {
        var builder = ProfileBuilder.ForWindow(reference);
        var counter = new RowCounter(builder, columns);
        for (var i = 0; i < rows.Count; i++)
        {
            counter.Add(columns.Select(c => c < 0 ? double.NaN : rows[i][c]).ToArray());
            if (i % flushEvery == flushEvery - 1) counter.Flush();
        }
        counter.Flush();
        var (expected, actual) = (ByColumn(rows), builder.ToProfile());
        foreach (var c in columns.Where(c => c >= 0)) AssertEqual(expected.Columns[c], actual.Columns[c]);
    }

    static void AssertEqual(ColumnProfile expected, ColumnProfile actual)
    {
        var (e, a) = (expected.Histogram!, actual.Histogram!);
        Assert.Equal(e.Counts.ToArray(), a.Counts.ToArray());
        Assert.Equal((e.Below, e.Above, e.NaN, e.NegativeInfinity, e.PositiveInfinity, expected.Forbidden), (a.Below, a.Above, a.NaN, a.NegativeInfinity, a.PositiveInfinity, actual.Forbidden));
        var (m, n) = (e.Moments, a.Moments);
        Assert.Equal((m.N, m.Min, m.Max), (n.N, n.Min, n.Max));
        var scale = Math.Max(Math.Abs(m.Min), Math.Abs(m.Max));
        if (m.N == 0 || !double.IsFinite(m.M2)) return;
        Assert.InRange(n.Mean, m.Mean - scale * 1e-13, m.Mean + scale * 1e-13);
        // What the mean's own rounding allows: n (eps scale)^2, beside a share of the spread.
        Assert.InRange(n.M2, m.M2 * (1 - 1e-9) - m.N * Math.Pow(scale * 1e-13, 2), m.M2 * (1 + 1e-9) + m.N * Math.Pow(scale * 1e-13, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(200)]
    public void Every_number_of_rows_counts_like_columns(int specialsOfThousand)
    {
        var random = new Random(7 + specialsOfThousand);
        int[] all = [.. Enumerable.Range(0, Columns)];
        for (var count = 0; count <= 70; count++) AssertCountsLikeColumns([.. Enumerable.Range(0, count).Select(_ => Row(random, specialsOfThousand))], all, int.MaxValue);
        AssertCountsLikeColumns([.. Enumerable.Range(0, 3000).Select(_ => Row(random, specialsOfThousand))], all, 700);
    }

    [Fact]
    public void Any_choice_of_columns_and_flushes_counts_like_columns()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int[] columns = [.. Enumerable.Range(0, Columns).Concat([-1, -1, -1]).OrderBy(_ => random.Next()).Take(random.Next(1, Columns + 3))];
            AssertCountsLikeColumns([.. Enumerable.Range(0, random.Next(400)).Select(_ => Row(random, random.Next(10)))], columns, random.Next(1, 300));
        }
    }

    /// <summary>A mean far from zero, and one that moves far from where it began, lose no digits of the spread.</summary>
    [Theory]
    [InlineData(1e6, 0)]
    [InlineData(1e9, 0)]
    [InlineData(0, 1e6)]
    [InlineData(-1e9, 1e9)]
    public void Moments_keep_their_digits(double begin, double step)
    {
        var lane = new LaneCounter([reference.Columns[0].Histogram!.Binning]);
        var random = new Random(3);
        var values = Enumerable.Range(0, 2560).Select(i => begin + step * (i / 256) + random.NextDouble()).ToArray();
        var rows = new double[LaneCounter.Lanes * values.Length];
        for (var i = 0; i < values.Length; i++) rows[i * LaneCounter.Lanes] = values[i];
        unsafe
        {
            fixed (double* first = rows)
                for (var at = 0; at < values.Length; at += 256) Assert.True(lane.TryCount(first + at * LaneCounter.Lanes, LaneCounter.Lanes, 256));
        }
        // A double becomes a decimal of 15 digits, so what they have in common is taken off before.
        var distances = values.Select(v => (decimal)(v - begin)).ToArray();
        var mean = distances.Average() + (decimal)begin;
        var m2 = (double)distances.Sum(d => (d + (decimal)begin - mean) * (d + (decimal)begin - mean));
        var moments = lane.Of(0).Moments;
        Assert.Equal((double)mean, moments.Mean, Math.Abs((double)mean) * 1e-14 + 1e-14);
        // One double holds the mean, and so no more digits of the distances from it.
        Assert.Equal(m2, moments.M2, m2 * (1e-11 + Math.Abs((double)mean) * 1e-15));
    }
}
