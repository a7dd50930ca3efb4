using System.Text;

namespace Drift.Core.Tests.Profiles;

/// <summary>The overloads for data in Arrow's layout: a slice of a column in chunks, with a bitmap that is not sliced, counts as its values do.</summary>
public sealed class ArrowLayoutTests
{
    const int Rows = 500;
    static readonly Random random = new(31);
    static readonly double?[] numbers = [.. Enumerable.Range(0, Rows).Select(i => random.Next(6) == 0 ? (double?)null : i % 11 == 0 ? double.NaN : i / 4.0)];
    static readonly string?[] words = [.. Enumerable.Range(0, Rows).Select(i => random.Next(5) == 0 ? null : $"w{i % 13}\u00fc")];
    static readonly Schema schema = Schema.Of(ColumnSpec.Numeric("n"), ColumnSpec.Categorical("w"), ColumnSpec.Categorical("b"));
    static readonly Profile reference = Whole(ProfileBuilder.ForReference(schema), 0, Rows).ToProfile();

    static byte[] Bits<T>(T[] values) => Validity.Of(values.Length, i => values[i] is not null);

    static ProfileBuilder Whole(ProfileBuilder builder, int from, int count) => builder
        .Add("n", [.. numbers[from..(from + count)].Select(v => v ?? 0)], Bits(numbers[from..(from + count)])).Add("w", words[from..(from + count)])
        .Add("b", numbers[from..(from + count)].Select(v => v is null ? null : v > 60 ? "true" : "false"));

    static string Text(ProfileBuilder builder) => Encoding.UTF8.GetString(ProfileFormat.Write(builder.ToProfile()));

    [Theory]
    [InlineData(0, 500)]
    [InlineData(3, 200)]
    [InlineData(8, 64)]
    [InlineData(61, 1)]
    [InlineData(77, 0)]
    public void A_slice_counts_as_its_values_do(int from, int count)
    {
        double[] values = [.. numbers.Select(v => v ?? -1e300)]; // what stands under a null is never read
        var (offsets, data) = Utf8(words);
        byte[] bits = Bits(numbers), flags = Validity.Of(Rows, i => numbers[i] is > 60 or null);
        string?[] dictionary = ["unused", null, .. words.Where(w => w is not null).Distinct()];
        int[] codes = [.. words.Select(w => w is null ? 99_999 : Array.IndexOf(dictionary, w))];
        ProfileBuilder Sliced() => ProfileBuilder.ForWindow(reference).AddNumeric<double>("n", values.AsSpan(from, count), bits, from).AddBits("b", flags, from, count, bits, from);
        var expected = Text(Whole(ProfileBuilder.ForWindow(reference), from, count));
        Assert.Equal(expected, Text(Sliced().AddUtf8("w", offsets.AsSpan(from, count + 1), data, Bits(words), from)));
        Assert.Equal(expected, Text(Sliced().AddDictionary("w", codes.AsSpan(from, count), dictionary, Bits(words), from)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    [InlineData(1000)]
    public void Chunks_count_as_the_whole_does(int size)
    {
        var chunks = numbers.Chunk(size).ToList();
        var chunked = ProfileBuilder.ForWindow(reference).AddChunks("n", chunks.Select(c => new ReadOnlyMemory<double>([.. c.Select(v => v ?? 1e300)])), chunks.Select(c => new ReadOnlyMemory<byte>(Bits(c)))).ToProfile().Find("n")!.Histogram!;
        var whole = reference.Find("n")!.Histogram!;
        Assert.Equal(whole.Counts, chunked.Counts);
        Assert.Equal((whole.Null, whole.NaN, whole.Below, whole.Above), (chunked.Null, chunked.NaN, chunked.Below, chunked.Above));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddChunks<double>("n", [new double[3], new double[3]], [new byte[1]]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddNumeric<double>("n", new double[9], [255]));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddNumeric<double>("n", new double[8], [255], 1));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddBits("b", [1], 0, 9));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddUtf8("w", [0, 5], [1, 2]));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddUtf8("w", [2, 1], [1, 2]));
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForWindow(reference).AddDictionary("w", [2], ["a", "b"]));
    }

    static (int[] Offsets, byte[] Data) Utf8(string?[] values)
    {
        var offsets = new int[values.Length + 1];
        var data = new List<byte>();
        for (var i = 0; i < values.Length; i++)
        {
            data.AddRange(Encoding.UTF8.GetBytes(values[i] ?? "never read"));
            offsets[i + 1] = data.Count;
        }
        return (offsets, [.. data]);
    }
}
