namespace Drift.Core.Tests.Measures;

/// <summary>The defaults of a whole comparison against the naive second implementation, from rows to verdicts.</summary>
public sealed class DefaultsTests
{
    static readonly string[] Words = [.. Enumerable.Range(0, 400).Select(i => $"w{i}")];

    [Fact]
    public void The_examples_of_the_definitions()
    {
        // A: sqrt(1..1000) against 1.1 sqrt(1..600) + 0.3, and three categories against four.
        double?[] r = [.. Enumerable.Range(1, 1000).Select(i => (double?)Math.Sqrt(i))], c = [.. Enumerable.Range(1, 600).Select(i => (double?)(1.1 * Math.Sqrt(i) + 0.3))];
        string?[] rt = [.. Repeat("a", 500), .. Repeat("b", 300), .. Repeat("c", 200)], ct = [.. Repeat("a", 200), .. Repeat("b", 150), .. Repeat("c", 100), .. Repeat("d", 50), .. Repeat(null, 100)];
        Check(r, c, rt, ct);
        var numeric = Comparison.Compare(Table(r, rt), Table(c, ct));
        var ks = ComparisonTests.Find(numeric, "x", "ks");
        Assert.Equal(0.258, ks.Value, 12);
        Assert.Equal(1, ks.PValue!.Value / 2.0576763656767741e-22, 1e-9);
        Assert.Equal(107.14285714285711, ComparisonTests.Find(numeric, "t", "chi2").Value, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_columns_of_many_shapes(int seed)
    {
        var random = new Random(seed);
        var (n, m) = (random.Next(300, 1500), random.Next(200, 700));
        foreach (var shape in Enumerable.Range(0, 5))
            Check(Numbers(random, shape, n, 0), Numbers(random, shape, m, random.Next(2) * 0.3), Texts(random, n, seed % 3), Texts(random, m, seed % 3));
    }

    /// <summary>On few rows every test shows the published law at the cells as they are: joining rare ones pays only where the law could hold.</summary>
    [Fact]
    public void Few_rows_keep_their_cells()
    {
        var random = new Random(4);
        Table Side(int rows, double shift) => new([new NumericColumn(ColumnSpec.Numeric("x"), random.Normals(rows, shift))]);
        var readings = Comparison.Compare(Side(60, 0), Side(40, 0.8));
        var psi = ComparisonTests.Find(readings, "x", "psi");
        Assert.Equal(9, psi.Detail!.Numbers.Single(number => number.Key == "dof").Value);
        Assert.Equal(PsiLaw.PValue(psi.Value, 60, 40, 10), psi.PValue!.Value, 1e-15);
    }

    static IEnumerable<string?> Repeat(string? text, int count) => Enumerable.Repeat(text, count);

    static double?[] Numbers(Random random, int shape, int count, double shift)
    {
        var values = new double?[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextDouble() < 0.01 ? null : random.NextDouble() < 0.01 ? double.NaN : shape switch
            {
                0 => random.Normal() + shift,
                1 => random.Poisson(1 + shift),
                2 => 7 + Math.Round(shift) * random.Next(2),
                3 => random.NextDouble() < 0.02 ? double.PositiveInfinity : Math.Tan(Math.PI * (random.NextDouble() - 0.5)) + shift,
                _ => random.NextDouble() * (1 + shift), // outside the reference's range when shifted
            };
        return values;
    }

    static string?[] Texts(Random random, int count, int kind)
    {
        var texts = new string?[count];
        for (var i = 0; i < count; i++)
        {
            var u = random.NextDouble();
            texts[i] = random.NextDouble() < 0.02 ? null : kind switch
            {
                0 => Words[(int)(u * 4)],
                1 => Words[(int)(u * u * u * 400)],
                _ => u < 0.3 ? $"free-{random.Next(100_000)}" : Words[(int)(u * 60)],
            };
        }
        return texts;
    }

    static Table Table(double?[] numbers, string?[] texts)
    {
        var bits = new byte[(numbers.Length + 7) / 8];
        for (var i = 0; i < numbers.Length; i++)
            if (numbers[i] is not null) bits[i / 8] |= (byte)(1 << i % 8);
        return new([
            new NumericColumn(ColumnSpec.Numeric("x"), numbers.Select(x => x ?? 0).ToArray(), bits),
            CategoricalColumn.Of(ColumnSpec.Categorical("t"), texts),
        ]);
    }

    static void Check(double?[] r, double?[] c, string?[] rt, string?[] ct)
    {
        var reference = Table(r, rt);
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        var current = Table(c, ct);
        var readings = Comparison.Compare(profile, ProfileBuilder.ForWindow(profile).Add(current).ToProfile());
        var numeric = Naive.Cells(r, c);
        var text = Naive.Cells(rt, ct);
        CheckCells(readings, "x", numeric);
        CheckCells(readings, "t", text);
        var (atEdges, sup) = Naive.Ks(r, c);
        var ks = ComparisonTests.Find(readings, "x", "ks");
        Assert.Equal(atEdges, ks.Value, 1e-12);
        Assert.InRange(sup, ks.Detail!.Lower!.Value - 1e-12, ks.Detail.Upper!.Value + 1e-12);
        Assert.True(ks.PValue >= KolmogorovSmirnov.Test(Values(r), Values(c), method: PValueMethod.Asymptotic).PValue - 1e-12);
        var chi2 = ComparisonTests.Find(readings, "t", "chi2");
        Assert.Equal(Naive.Chi2(text).Statistic, chi2.Value, 1e-9);
        // Where cells are sparse the law is wider than the published one; elsewhere it is the published one.
        var textP = IsSparse(text) ? chi2.PValue!.Value : Naive.Chi2(text).P;
        Near(textP, chi2.PValue!.Value);
        Assert.True(textP >= Naive.Chi2(text).P * (1 - 1e-9));
        CheckFamilies(readings, r, c, rt, ct, Math.Min(1, 2 * Math.Min(Naive.PsiP(numeric), ks.PValue!.Value)), Math.Min(1, 2 * Math.Min(Naive.PsiP(text), textP)));
    }

    /// <summary>Whether a cell expects fewer than 5 rows on the smaller side.</summary>
    static bool IsSparse(List<Naive.Cell> cells)
    {
        double n = cells.Sum(cell => cell.R), m = cells.Sum(cell => cell.C);
        return cells.Any(cell => cell.R + cell.C > 0 && (cell.R + cell.C) * Math.Min(n, m) / (n + m) < 5);
    }

    static double[] Values(double?[] side) => [.. side.Where(x => x is { } value && !double.IsNaN(value)).Select(x => x!.Value)];

    static void CheckCells(IReadOnlyList<Reading> readings, string column, List<Naive.Cell> cells)
    {
        var psi = ComparisonTests.Find(readings, column, "psi");
        Assert.Equal(cells.Count, psi.Detail!.Cells.Count);
        Near(Naive.Psi(cells), psi.Value);
        Near(Naive.PsiP(cells), psi.PValue!.Value);
        Near(Naive.PsiP(cells), ComparisonTests.Find(readings, column, "psi_corrected").PValue!.Value);
        Assert.Equal(Naive.Psi(cells) - Naive.K(cells) * (cells.Count - 1), ComparisonTests.Find(readings, column, "psi_corrected").Value, 1e-12);
        Assert.Equal(Naive.Js(cells), ComparisonTests.Find(readings, column, "js").Value, 1e-7);
    }

    static void CheckFamilies(IReadOnlyList<Reading> readings, double?[] r, double?[] c, string?[] rt, string?[] ct, double px, double pt)
    {
        var edges = Naive.Edges(Values(r));
        var known = rt.ToHashSet();
        (string Column, string Measure, long R, long C)[] rates =
        [
            ("x", "missing_rate", r.Count(x => x is null), c.Count(x => x is null)),
            ("x", "nan_rate", r.Count(x => x is double.NaN), c.Count(x => x is double.NaN)),
            ("x", "out_of_range_rate", r.Count(x => x is double.PositiveInfinity), c.Count(x => x is { } v && (v > edges[^1] || v < edges[0]))),
            ("t", "missing_rate", rt.Count(x => x is null), ct.Count(x => x is null)),
            ("t", "unseen_rate", rt.OfType<string>().CountBy(x => x).Count(x => x.Value == 1), ct.Count(x => x is not null && !known.Contains(x))),
        ];
        var enough = readings.Where(reading => reading.Measure == "psi").ToDictionary(reading => reading.Column, reading => reading.Status == ReadingStatus.Ok);
        double[] members = [.. enough["x"] ? [px] : Array.Empty<double>(), .. enough["t"] ? [pt] : Array.Empty<double>()];
        var adjusted = Naive.Adjust(members);
        if (enough["x"]) Near(adjusted[0], ComparisonTests.Find(readings, "x", "js").PAdjusted!.Value);
        if (enough["t"]) Near(adjusted[^1], ComparisonTests.Find(readings, "t", "psi").PAdjusted!.Value);
        double[] p = [.. rates.Select(rate => Naive.RateP(rate.R, r.Length, rate.C, c.Length))], quality = Naive.Adjust(p);
        for (var i = 0; i < rates.Length; i++)
        {
            var reading = ComparisonTests.Find(readings, rates[i].Column, rates[i].Measure);
            Assert.Equal((double)rates[i].R / r.Length, reading.ReferenceValue!.Value, 1e-15);
            Assert.Equal((double)rates[i].C / c.Length, reading.Value, 1e-15);
            Near(p[i], reading.PValue!.Value);
            if (reading.Status != ReadingStatus.Ok) continue;
            Near(quality[i], reading.PAdjusted!.Value);
            var change = Math.Abs(reading.Value - reading.ReferenceValue.Value);
            Assert.Equal(quality[i] < 0.01 && change >= 0.01 ? change >= 0.2 ? Verdict.Critical : Verdict.Warning : Verdict.Ok, reading.Verdict);
        }
        foreach (var reading in readings.Where(reading => reading is { Measure: "psi_corrected" or "ks", Status: ReadingStatus.Ok }))
            Assert.Equal(reading.PAdjusted < 0.01 && reading.Value >= 0.1 ? reading.Value >= 0.2 ? Verdict.Critical : Verdict.Warning : Verdict.Ok, reading.Verdict);
    }

    static void Near(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Max(Math.Abs(expected), 1e-290) + 1e-15 * (expected > 1e-3 ? 1 : 0), $"expected {expected:R}, got {actual:R}");
}
