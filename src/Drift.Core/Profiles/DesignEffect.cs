namespace Drift;

/// <summary>
/// How much more the cells' shares vary over time than independent rows would: the variance between chunks of consecutive rows over the
/// multinomial one, the median over the cells, at least 1. Rows that all stand five times in a row give 5.
/// </summary>
static class DesignEffect
{
    const int MostChunks = 100, LeastRowsPerChunk = 50, LeastChunks = 10;

    /// <param name="order">The rows by time.</param>
    /// <param name="cells">How many cells there are.</param>
    /// <param name="cellOf">A row's cell; anything outside 0..cells-1 takes no part.</param>
    public static double Estimate(int[] order, int cells, Func<int, int> cellOf)
    {
        var chunks = Math.Min(MostChunks, order.Length / LeastRowsPerChunk);
        if (chunks < LeastChunks) return 1;
        var counts = new double[chunks, cells];
        var totals = new double[chunks];
        for (var i = 0; i < order.Length; i++)
        {
            var cell = cellOf(order[i]);
            if ((uint)cell >= (uint)cells) continue;
            var chunk = (int)((long)i * chunks / order.Length);
            counts[chunk, cell]++;
            totals[chunk]++;
        }
        return Math.Max(1, Median(Ratios(counts, totals)));
    }

    /// <summary>Per cell: the chi-square statistic of its counts over the chunks, divided by its degrees of freedom.</summary>
    static List<double> Ratios(double[,] counts, double[] totals)
    {
        var ratios = new List<double>();
        var all = totals.Sum();
        for (var cell = 0; cell < counts.GetLength(1); cell++)
        {
            var sum = 0.0;
            for (var chunk = 0; chunk < totals.Length; chunk++) sum += counts[chunk, cell];
            var share = sum / all;
            // A cell that expects less than one row per chunk says little about dependence.
            if (sum < totals.Length || share >= 1) continue;
            var statistic = 0.0;
            var used = 0;
            for (var chunk = 0; chunk < totals.Length; chunk++)
            {
                if (totals[chunk] == 0) continue;
                var deviation = counts[chunk, cell] - totals[chunk] * share;
                statistic += deviation * deviation / (totals[chunk] * share * (1 - share));
                used++;
            }
            if (used > 1) ratios.Add(statistic / (used - 1));
        }
        return ratios;
    }

    static double Median(List<double> values)
    {
        if (values.Count == 0) return 1;
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
