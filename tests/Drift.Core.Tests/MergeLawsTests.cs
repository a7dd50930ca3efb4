using System.Text;

namespace Drift.Core.Tests;

public sealed class MergeLawsTests
{
    static readonly Schema schema = Schema.Of(ColumnSpec.Numeric("x") with { Min = -1000 }, ColumnSpec.Categorical("c") with { Allowed = ["c1", "c2", "c4"] }, ColumnSpec.Numeric("score", ColumnRole.Score));

    static readonly Profile reference = ProfileBuilder.ForReference(schema, maxCategories: 3)
        .Add("x", [.. Enumerable.Range(0, 500).Select(i => (i * 7919 % 101) / 3.0)])
        .Add("c", Enumerable.Range(0, 500).Select(i => (string?)$"c{i * i % 7}"))
        .Add("score", [.. Enumerable.Range(0, 500).Select(i => i / 500.0)])
        .ToProfile();

    [Fact]
    public void Histograms() => MergeLaws.Hold(
        seeds => Window(seeds).Columns[0].Histogram!,
        reference.Columns[0].Empty().Histogram!,
        (a, b) => Same(Alone(a), Alone(b)),
        histogram => Reload(Alone(histogram)).Columns[0].Histogram!);

    [Fact]
    public void Category_counts() => MergeLaws.Hold(
        seeds => Window(seeds).Columns[1].Categories!,
        reference.Columns[1].Empty().Categories!,
        (a, b) => Same(Alone(a), Alone(b)),
        counts => Reload(Alone(counts)).Columns[0].Categories!);

    [Fact]
    public void Profiles() => MergeLaws.Hold(Window, reference.Empty(), Same, Reload);

    [Fact]
    public void Profiles_as_compact_counts() => MergeLaws.Hold(Window, reference.Empty(), Same, profile => ProfileFormat.ReadCounts(ProfileFormat.WriteCounts(profile), reference));

    [Fact]
    public void Moments_of_parts_are_the_moments_of_the_whole() => MergeLaws.Hold(
        seeds => Moments.Of([.. seeds.Select(Number)]),
        Moments.Empty,
        Close,
        moments => moments);

    [Fact]
    public void Quantile_sketches() => MergeLaws.Hold(
        Sketch,
        QuantileSketch.Empty,
        Same,
        sketch => Reload(new([new(schema.Columns[0], reference.Columns[0].Empty().Histogram!) { Sketch = sketch }], 0)).Columns[0].Sketch!);

    /// <summary>References keep their sketch in a sum, windows have none.</summary>
    [Fact]
    public void The_sketches_of_references_are_merged()
    {
        var column = reference.Columns[0];
        Assert.Equal(1000, (column + column).Sketch!.N);
        Assert.True(Same((column + column.Empty()).Sketch!, column.Sketch!));
        Assert.Null((reference.Empty() + Window([1, 2, 3])).Columns[0].Sketch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AA==")]
    [InlineData("AgA=")]
    [InlineData("AQEB")]
    [InlineData("AQH//////////38=")]
    [InlineData("!")]
    public void A_damaged_sketch_is_refused_by_its_place(string damage)
    {
        var text = Encoding.UTF8.GetString(ProfileFormat.Write(reference));
        var at = text.IndexOf("\"sketch\":\"", StringComparison.Ordinal) + 10;
        var broken = text[..at] + damage + text[text.IndexOf('"', at)..];
        Assert.Contains("$.columns[0].sketch", Assert.Throws<FormatException>(() => ProfileFormat.Read(Encoding.UTF8.GetBytes(broken))).Message);
    }

    static QuantileSketch Sketch(int[] seeds) => QuantileSketch.Of([.. seeds.Select(Number)]);

    static bool Same(QuantileSketch a, QuantileSketch b) => a.Cells.SequenceEqual(b.Cells) && a.Counts.SequenceEqual(b.Counts);

    [Fact]
    public void Unequal_cells_are_refused()
    {
        var other = Histogram.FromCounts(Binning.Of([0, 1, 2]), [1L, 2L]);
        Assert.Throws<InvalidOperationException>(() => other + Histogram.FromCounts(Binning.Of([0, 1, 3]), [1L, 2L]));
        Assert.Throws<InvalidOperationException>(() => CategoryCounts.FromCounts(["a"], [1]) + CategoryCounts.FromCounts(["b"], [1]));
        Assert.Throws<InvalidOperationException>(() => reference + new Profile([], 1));
    }

    static double Number(int seed) => (seed % 13) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => -1e6 - seed % 1000,
        4 => 1e6 + seed % 1000,
        _ => seed % 1000 / 17.0,
    };

    static Profile Window(int[] seeds)
    {
        var builder = ProfileBuilder.ForWindow(reference);
        foreach (var seed in seeds)
        {
            var number = Number(seed);
            if (seed % 7 == 3) builder.AddNull(0);
            else builder.AddNumbers(0, [number]);
            if (seed % 11 == 5) builder.AddMismatched(1);
            else builder.AddUtf8(1, Encoding.UTF8.GetBytes($"c{seed % 9}"));
            builder.AddNumbers(2, [number / 100]);
            builder.AddRows(1);
        }
        return builder.ToProfile();
    }

    static Profile Reload(Profile profile) => ProfileFormat.Read(ProfileFormat.Write(profile));

    static Profile Alone(Histogram histogram) => new([new(schema.Columns[0], histogram)], 0);

    static Profile Alone(CategoryCounts counts) => new([new(schema.Columns[1], counts)], 0);

    static bool Same(Profile a, Profile b) => a.Rows == b.Rows && a.Columns.Count == b.Columns.Count && a.Columns.Zip(b.Columns).All(pair => Same(pair.First, pair.Second));

    static bool Same(ColumnProfile a, ColumnProfile b) => a.Forbidden == b.Forbidden && Counts(a) == Counts(b) && (a.Histogram is null || Close(a.Histogram.Moments, b.Histogram!.Moments));

    static string Counts(ColumnProfile column) => column.Histogram is { } h
        ? $"{h.Binning.GetHashCode()}|{string.Join(',', h.Counts.ToArray())}|{h.Null},{h.NaN},{h.NegativeInfinity},{h.PositiveInfinity},{h.Below},{h.Above},{h.Mismatched}"
        : $"{string.Join(',', column.Categories!.Categories)}|{string.Join(',', column.Categories.Counts.ToArray())}|{column.Categories.Other},{column.Categories.Unseen},{column.Categories.Null},{column.Categories.Mismatched}|{column.Categories.Vocabulary.Known.Length},{column.Categories.Vocabulary.Singletons}";

    /// <summary>n, min and max are exact; mean and M2 agree to rounding at the scale of the data.</summary>
    static bool Close(Moments a, Moments b)
    {
        if ((a.N, a.Min, a.Max) != (b.N, b.Min, b.Max)) return false;
        var scale = Math.Max(Math.Abs(a.Min), Math.Abs(a.Max));
        return a.N == 0 || Math.Abs(a.Mean - b.Mean) <= 1e-12 * scale && Math.Abs(a.M2 - b.M2) <= 1e-12 * scale * scale * a.N;
    }
}
