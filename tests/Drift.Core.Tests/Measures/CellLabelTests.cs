namespace Drift.Core.Tests.Measures;

public sealed class CellLabelTests
{
    [Theory]
    [InlineData(10_011.0, 60_684.49999999999, "10011..60685")]
    [InlineData(0.0, 0.25, "0..0.25")]
    [InlineData(0.033380001, 0.180309, "0.03338..0.1803")]
    [InlineData(1e-9, 2e-9, "1E-09..2E-09")]
    [InlineData(-1.5, 1e20, "-1.5..1E+20")]
    [InlineData(1000000.25, 1000000.375, "1000000.25..1000000.38")]
    public void Edges_are_written_as_people_write_numbers(double low, double high, string label)
    {
        var histogram = Histogram.FromCounts(Binning.Of([low, high]), [10L]);
        Assert.Equal(label, Cells.Of(histogram, histogram).Label(0));
    }

    [Fact]
    public void A_cell_of_one_value_is_that_value()
    {
        var histogram = Histogram.FromCounts(Binning.Of([3, 7, Math.BitIncrement(7.0)]), [10L, 10L]);
        Assert.Equal(["3..7", "7"], [Cells.Of(histogram, histogram).Label(0), Cells.Of(histogram, histogram).Label(1)]);
    }
}
