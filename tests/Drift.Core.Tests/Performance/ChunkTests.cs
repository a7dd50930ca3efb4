namespace Drift.Core.Tests.Performance;

public sealed class ChunkTests
{
    static double At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    [Fact]
    public void What_is_left_by_size_is_a_chunk_of_its_own()
    {
        Assert.Equal([(0L, 4L), (4, 8), (8, 10)], Chunk.BySize(10, 4).Select(c => (c.Start, c.End)));
        Assert.Equal([8, 9], Chunk.BySize(10, 4)[2].Rows.ToArray());
        Assert.Empty(Chunk.BySize(0, 4));
        Assert.Single(Chunk.BySize(3, int.MaxValue));
    }

    [Fact]
    public void By_count_the_sizes_differ_by_one_at_most()
    {
        Assert.Equal([(0L, 4L), (4, 7), (7, 10)], Chunk.ByCount(10, 3).Select(c => (c.Start, c.End)));
        Assert.Equal(2, Chunk.ByCount(2, 5).Count);
    }

    [Fact]
    public void Weeks_begin_on_Monday_across_the_turn_of_the_year_and_empty_ones_are_left_out()
    {
        var chunks = Chunk.ByPeriod([At("2021-01-03T23:59:59Z"), double.NaN, At("2021-01-25T00:00:00Z"), At("2020-12-28T00:00:00Z"), At("2021-01-04T00:00:00Z")], ChunkPeriod.Week);
        Assert.Equal([At("2020-12-28T00:00:00Z"), At("2021-01-04T00:00:00Z"), At("2021-01-25T00:00:00Z")], chunks.Select(c => (double)c.Start));
        Assert.Equal([0, 1, 2], chunks.Select(c => c.Index));
        Assert.Equal([0, 3], chunks[0].Rows.ToArray());
    }

    [Fact]
    public void Months_have_their_own_length() =>
        Assert.Equal([29 * 86_400_000L, 31 * 86_400_000L], Chunk.ByPeriod([At("2024-02-29T12:00:00Z"), At("2024-03-01T00:00:00Z")], ChunkPeriod.Month).Select(c => c.End - c.Start));

    [Fact]
    public void Limits_are_three_standard_deviations_clipped_to_the_range_and_few_chunks_are_marked()
    {
        var baseline = ChunkBaseline.Of("auc", null, [0.9, 1.0, double.NaN]);
        Assert.Equal((2, true), (baseline.Chunks, baseline.FewChunks));
        Assert.Equal(0.95 - 3 * 0.05, baseline.Lower, 1e-12);
        Assert.Equal(1, baseline.Upper);
        Assert.Equal(0, ChunkBaseline.Of("rmse", null, [0, 10]).Lower);
        Assert.True(double.IsNegative(ChunkBaseline.Of("bias", null, [0, 10]).Lower));
        Assert.False(ChunkBaseline.Of("auc", null, []).IsOutside(0.1));
    }
}
