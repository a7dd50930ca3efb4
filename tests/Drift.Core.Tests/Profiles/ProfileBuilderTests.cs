namespace Drift.Core.Tests.Profiles;

public sealed class ProfileBuilderTests
{
    static readonly Schema schema = Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Categorical("c"), ColumnSpec.Numeric("t", ColumnRole.Time));

    static Table Table(int rows, int repeat = 1, int seed = 1)
    {
        var random = new Random(seed);
        var draws = Enumerable.Range(0, rows / repeat).Select(_ => (random.NextDouble(), random.Next(4))).ToArray();
        return new([
            new NumericColumn(schema.Columns[0], Enumerable.Range(0, rows).Select(i => draws[i / repeat].Item1).ToArray()),
            CategoricalColumn.Of(schema.Columns[1], [.. Enumerable.Range(0, rows).Select(i => $"c{draws[i / repeat].Item2}")]),
            new NumericColumn(schema.Columns[2], Enumerable.Range(0, rows).Select(i => i * 1000.0).ToArray()),
        ]);
    }

    [Theory]
    [InlineData(1, 1.0, 1.3)]
    [InlineData(5, 4.0, 6.0)]
    public void Rows_that_repeat_have_their_design_effect(int repeat, double least, double most)
    {
        var profile = ProfileBuilder.ForReference(schema).Add(Table(50_000, repeat)).ToProfile();
        Assert.Equal(2, profile.Columns.Count);
        foreach (var column in profile.Columns) Assert.InRange(column.DesignEffect, least, most);
        Assert.Equal(DateTimeOffset.UnixEpoch, profile.Start);
    }

    [Fact]
    public void A_value_under_a_null_is_never_read()
    {
        var reference = ProfileBuilder.ForReference(schema).Add(Table(1000)).ToProfile();
        var window = ProfileBuilder.ForWindow(reference).Add("x", [0.5, double.NaN, 1e300, 0.5], [0b1010_0000], 4).ToProfile();
        var histogram = window.Columns[0].Histogram!;
        Assert.Equal((4, 2, 1, 0, 1), (histogram.Rows, histogram.Null, histogram.NaN, histogram.Above, histogram.InRange));
    }

    [Fact]
    public void Numbers_of_every_type_count_alike()
    {
        var reference = ProfileBuilder.ForReference(schema).Add("x", [.. Enumerable.Range(0, 5000).Select(i => (double)i)]).ToProfile();
        int[] whole = [.. Enumerable.Range(-3, 3000)];
        var expected = ProfileBuilder.ForWindow(reference).Add("x", Array.ConvertAll(whole, i => (double)i)).ToProfile().Columns[0].Histogram!;
        Profile[] others =
        [
            ProfileBuilder.ForWindow(reference).Add("x", whole).ToProfile(),
            ProfileBuilder.ForWindow(reference).Add("x", Array.ConvertAll(whole, i => (long)i)).ToProfile(),
            ProfileBuilder.ForWindow(reference).Add("x", Array.ConvertAll(whole, i => (float)i)).ToProfile(),
        ];
        foreach (var other in others) Assert.Equal((expected.Counts.ToArray(), expected.Below), (other.Columns[0].Histogram!.Counts.ToArray(), other.Columns[0].Histogram!.Below), (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2);
    }

    [Fact]
    public void Dictionaries_strings_bits_and_plain_text_count_alike()
    {
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Categorical("c"))).Add("c", ["true", "false", "true"]).ToProfile();
        string?[] values = ["true", null, "false", "true", "maybe", "false"];
        Profile[] ways =
        [
            ProfileBuilder.ForWindow(reference).Add("c", values).ToProfile(),
            ProfileBuilder.ForWindow(reference).AddDictionary("c", [0, 99, 1, 0, 2, 1], ["true", "false", "maybe"], [0b111101]).ToProfile(),
            ProfileBuilder.ForWindow(reference).AddUtf8("c", [2, 6, 8, 13, 17, 22, 27], "--true##falsetruemaybefalse"u8, [0b111101]).ToProfile(),
        ];
        foreach (var way in ways)
            Assert.Equal((2, 2, 1, 1), (way.Columns[0].Categories!.Counts[0], way.Columns[0].Categories!.Counts[1], way.Columns[0].Categories!.Unseen, way.Columns[0].Categories!.Null));
        var bits = ProfileBuilder.ForWindow(reference).AddBits("c", [0b1010_0000, 0b1], 5, 4).ToProfile().Columns[0].Categories!;
        Assert.Equal([3L, 1L], bits.Counts.ToArray());
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddDictionary("c", [3], ["true"]));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddUtf8("c", [0, 9], "true"u8));
    }

    [Fact]
    public void Saved_and_loaded_a_partial_goes_on()
    {
        var reference = ProfileBuilder.ForReference(schema).Add(Table(2000)).ToProfile();
        var whole = ProfileBuilder.ForWindow(reference).Add(Table(1000, seed: 2)).Add(Table(500, seed: 3)).ToProfile();
        var builder = ProfileBuilder.ForWindow(reference);
        builder.Load(ProfileFormat.ReadCounts(ProfileFormat.WriteCounts(ProfileBuilder.ForWindow(reference).Add(Table(1000, seed: 2)).ToProfile()), reference));
        builder.Add(Table(500, seed: 3));
        Assert.Equal(ProfileFormat.Write(whole), ProfileFormat.Write(builder.ToProfile()));
        builder.Clear();
        Assert.Equal(0, builder.ToProfile().Rows);
    }

    [Fact]
    public void A_column_without_a_finite_value_still_has_a_profile()
    {
        var reference = ProfileBuilder.ForReference(schema).Add("x", [double.NaN, double.PositiveInfinity]).Add("c", [null, null]).ToProfile();
        Assert.Equal((1, 1, 2), (reference.Columns[0].Histogram!.NaN, reference.Columns[0].Histogram!.PositiveInfinity, reference.Rows));
        var window = ProfileBuilder.ForWindow(reference).Add("x", [5.0]).ToProfile();
        Assert.Equal(1, window.Columns[0].Histogram!.Above);
    }

    [Fact]
    public void Wrong_columns_are_refused_by_name()
    {
        var builder = ProfileBuilder.ForReference(schema);
        Assert.Contains("'y'", Assert.Throws<ArgumentException>(() => builder.Add("y", [1.0])).Message);
        Assert.Contains("'c' is categorical", Assert.Throws<ArgumentException>(() => builder.Add("c", [1.0])).Message);
        Assert.Throws<ArgumentException>(() => builder.Add("x", [1.0, 2.0, 3.0], [1], 7));
    }
}
