using Drift.Alerts;

namespace Drift.Worker.Windows;

/// <summary>
/// How often a policy would call somebody for nothing: windows drawn at random from the reference itself, judged one after the other. What it calls out
/// over them is false by construction. Rows are drawn independently, so dependence between rows is not in it.
/// </summary>
static class FalsePages
{
    const int Windows = 200;
    const int MostRows = 5_000;

    /// <summary>The expected false pages of one model in a year.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="window">A typical window, for its length and its rows.</param>
    public static double PerYear(Policy policy, Profile reference, Window window)
    {
        var random = new Random(1);
        var rows = (int)Math.Clamp(window.Rows, 1, MostRows);
        var length = window.End - window.Start;
        var samplers = reference.Columns.Select(Sampler).ToArray();
        var builder = ProfileBuilder.ForWindow(reference);
        IEnumerable<WindowReadings> Draw()
        {
            for (var i = 0; i < Windows; i++)
            {
                builder.Clear();
                for (var c = 0; c < samplers.Length; c++) samplers[c](builder, c, rows, random);
                builder.AddRows(rows);
                var start = window.Start + i * length;
                yield return new WindowReadings(window with { Start = start, End = start + length, Rows = rows, Revision = 0 }, Comparison.Compare(reference, builder.ToProfile()));
            }
        }
        return PolicyDryRun.Run(policy, Draw()).PagesPerYear;
    }

    static Action<ProfileBuilder, int, int, Random> Sampler(ColumnProfile column) => column.Histogram is { } histogram ? Numbers(histogram) : Categories(column.Categories!);

    static Action<ProfileBuilder, int, int, Random> Numbers(Histogram histogram)
    {
        // A cell's lower edge stands for the cell; the others stand for themselves.
        double[] values = [.. histogram.Binning.Edges[..^1], double.NaN, double.NegativeInfinity, double.PositiveInfinity];
        var upTo = Cumulative([.. histogram.Counts, histogram.NaN, histogram.NegativeInfinity, histogram.PositiveInfinity, histogram.Null + histogram.Mismatched]);
        return (builder, at, rows, random) =>
        {
            var drawn = new List<double>(rows);
            for (var i = 0; i < rows; i++)
                if (Pick(upTo, random) is var cell && cell < values.Length) drawn.Add(values[cell]);
            builder.AddNumbers(at, drawn.ToArray());
            builder.AddNull(at, rows - drawn.Count);
        };
    }

    static Action<ProfileBuilder, int, int, Random> Categories(CategoryCounts counts)
    {
        var names = counts.Categories.Select(System.Text.Encoding.UTF8.GetBytes).ToArray();
        // What a fresh sample would not have known: as many as the reference saw once.
        var unseen = Math.Min(counts.Vocabulary.Singletons, counts.Values);
        var known = counts.Counts.ToArray();
        var upTo = Cumulative([.. known, Math.Max(0, counts.Other - unseen), unseen, counts.Null + counts.Mismatched]);
        var never = "\u0001drift: a category that nobody has"u8.ToArray();
        return (builder, at, rows, random) =>
        {
            for (var i = 0; i < rows; i++)
            {
                var cell = Pick(upTo, random);
                if (cell < names.Length) builder.AddUtf8(at, names[cell]);
                else if (cell == names.Length && names.Length > 0) builder.AddUtf8(at, names[^1]);
                else if (cell <= names.Length + 1) builder.AddUtf8(at, never);
                else builder.AddNull(at);
            }
        };
    }

    static double[] Cumulative(long[] counts)
    {
        var upTo = new double[counts.Length];
        var sum = 0.0;
        for (var i = 0; i < counts.Length; i++) upTo[i] = sum += counts[i];
        return upTo;
    }

    static int Pick(double[] upTo, Random random)
    {
        var at = Array.BinarySearch(upTo, random.NextDouble() * upTo[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, upTo.Length - 1);
    }
}
