namespace Drift.Core.Tests.Performance;

public class ChunkBaselineTests
{
    static ChunkBaseline Baseline(string measure) => new(measure, null, 0.9, 0.01, 10) { ErrorPerRow = 0.3 };

    [Fact]
    public void Fewer_rows_have_wider_limits_and_no_limits_are_narrower_than_sampling()
    {
        // 0.3 / sqrt(1000) = 0.0095: the chunks vary a little more than that, and less than 0.3 / sqrt(100) = 0.03.
        Assert.Equal(Math.Sqrt(0.01 * 0.01 + 0.09 * (1 / 100.0 - 1 / 1000.0)), baseline.ForRows(100, 1000).Deviation, 1e-15);
        Assert.Equal(0.01, baseline.ForRows(1000, 1000).Deviation, 1e-15);
        Assert.Equal(0.01, baseline.ForRows(5000, 1000).Deviation, 1e-15);
        Assert.Equal(0.03, baseline.ForRows(5000, 100).Deviation, 1e-15);
        Assert.Equal(0.01, (baseline with { ErrorPerRow = double.NaN }).ForRows(100, 1000).Deviation);
    }

    static readonly ChunkBaseline baseline = Baseline("auc");

    [Theory]
    [InlineData("ece")]
    [InlineData("support")]
    public void What_depends_on_the_number_of_rows_has_limits_at_a_chunks_size_only(string measure)
    {
        Assert.False(Baseline(measure).ForRows(2000, 1000).IsOutside(0));
        Assert.False(Baseline(measure).ForRows(900, 1000).IsOutside(0));
        Assert.True(Baseline(measure).ForRows(1000, 1000).IsOutside(0));
    }

    [Fact]
    public void Windows_of_a_tenth_of_a_chunk_without_drift_stay_inside()
    {
        var random = new Random(4);
        BinaryTally Draw(int rows)
        {
            var (truths, answers, scores) = (new bool[rows], new bool[rows], new double[rows]);
            for (var i = 0; i < rows; i++)
            {
                scores[i] = random.NextDouble();
                truths[i] = random.NextDouble() < scores[i];
                answers[i] = scores[i] > 0.5;
            }
            return BinaryTally.Of(truths, answers, scores);
        }

        var chunks = Enumerable.Range(0, 10).Select(_ => Draw(2000)).ToArray();
        var whole = chunks.Aggregate((a, b) => a + b);
        // The exact standard error of a share; the mean answer is right with probability 3/4.
        var accuracy = ChunkBaseline.Of(chunks, whole).Single(b => b is { Measure: "accuracy", Class: null }) with { ErrorPerRow = Math.Sqrt(0.75 * 0.25) };
        var windows = Enumerable.Range(0, 500).Select(_ => Draw(200).Values().Single(v => v.Measure == "accuracy").Value).ToArray();
        Assert.InRange(windows.Count(accuracy.ForRows(200, 2000).IsOutside), 0, 10);
        Assert.InRange(windows.Count(accuracy.IsOutside), 50, 400);
    }
}
