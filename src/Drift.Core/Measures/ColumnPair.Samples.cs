namespace Drift;

sealed partial class ColumnPair
{
    double[]? referenceSample;
    double[]? currentSample;

    bool HasSamples => ReferenceColumn is not null && CurrentColumn is not null;

    // Ascending: sorted once for all measures that need the rows.
    ReadOnlySpan<double> ReferenceSample => referenceSample ??= Sorted(ReferenceColumn!);

    ReadOnlySpan<double> CurrentSample => currentSample ??= Sorted(CurrentColumn!);

    /// <summary>The rows without nulls; NaN may be among them.</summary>
    static ReadOnlySpan<double> Unsorted(NumericColumn column) => column.Validity.IsEmpty ? column.Values.Span : column.Sample();

    static double[] Sorted(NumericColumn column)
    {
        var sample = column.Sample();
        RadixSort.Sort(sample);
        return sample;
    }

    static ReadOnlySpan<double> Finite(ReadOnlySpan<double> sorted)
    {
        int start = 0, end = sorted.Length;
        while (start < end && double.IsNegativeInfinity(sorted[start])) start++;
        while (end > start && double.IsPositiveInfinity(sorted[end - 1])) end--;
        return sorted[start..end];
    }

    /// <summary>A test on the sorted rows of both sides.</summary>
    public delegate TwoSampleTest SampleTest(ReadOnlySpan<double> reference, ReadOnlySpan<double> current);

    public Outcome OnSamples(SampleTest test) => Outcome.Of(test(ReferenceSample, CurrentSample));

    public Outcome Ks()
    {
        if (HasSamples)
        {
            // Unsorted rows stay so: this test alone needs no order.
            var test = referenceSample is null && currentSample is null
                ? KolmogorovSmirnov.Test(Unsorted(ReferenceColumn!), Unsorted(CurrentColumn!))
                : KolmogorovSmirnov.TestSorted(ReferenceSample, CurrentSample, Alternative.TwoSided, PValueMethod.Auto);
            if (DesignEffect > 1 && test.Statistic > 0) test = test with { PValue = Effective(test.Statistic) }; // with dependent rows the exact law answers another question
            return Outcome.Of(test) with { Effect = test.Statistic };
        }
        var (lower, upper, p) = KolmogorovSmirnov.Bounds(Reference.Histogram!, Current.Histogram!, DesignEffect);
        return double.IsNaN(lower) ? new(double.NaN) : new(lower) { PValue = double.IsNaN(p) ? null : p, Effect = lower, Detail = new() { Lower = lower, Upper = upper } };
    }

    double Effective(double distance) =>
        KolmogorovSmirnov.AsymptoticPValue(distance, Reference.Values / DesignEffect, Current.Values / DesignEffect, Alternative.TwoSided);

    /// <summary>Over the finite values, from the rows where they are at hand and else from the cells.</summary>
    public Outcome Wasserstein(bool normalised)
    {
        var distance = HasSamples
            ? Drift.Wasserstein.DistanceSorted(Finite(ReferenceSample), Finite(CurrentSample))
            : HistogramDistance.Wasserstein(Reference.Histogram!, Current.Histogram!);
        if (!normalised) return new(distance);
        // Values near the largest double have no deviation that a double holds.
        var deviation = Reference.Histogram!.Moments.StandardDeviation;
        return new(double.IsInfinity(deviation) ? double.NaN : distance / Math.Max(deviation, Drift.Wasserstein.LeastDeviation));
    }

    public Outcome Energy() => new(Drift.Wasserstein.EnergySorted(Finite(ReferenceSample), Finite(CurrentSample)));

    /// <summary>
    /// Rows beyond the reference's 0.1 and 99.9 % points, infinities among them. The points are exact where the reference's rows are at hand, else its sketch's, within 1 %; the share that is ordinary is the
    /// reference's own, about 0.2 %, less where ties stand on the points.
    /// </summary>
    public Outcome Outliers()
    {
        if (CurrentColumn is null) return new(double.NaN) { Detail = new() { Reason = "needs the rows of the current side; a profile keeps only counts" } };
        double low, high;
        long before;
        if (ReferenceColumn is not null)
        {
            var known = Finite(ReferenceSample);
            if (known.IsEmpty) return new(double.NaN) { Detail = new() { Reason = "the reference has no finite value" } };
            (low, high) = (Quantiles.At(known, OutlierShare), Quantiles.At(known, 1 - OutlierShare));
            before = Beyond(ReferenceSample, low, high);
        }
        else if (Reference.Sketch is { N: > 0 } sketch)
        {
            (low, high, before) = sketch.Tails(OutlierShare);
            before += Reference.Histogram!.NegativeInfinity + Reference.Histogram.PositiveInfinity;
        }
        else return new(double.NaN) { Detail = new() { Reason = "needs the rows of the reference, or a profile that holds its sketch" } };
        return Rate(before, Beyond(Unsorted(CurrentColumn), low, high)) with { Detail = new() { Numbers = [new("low", low), new("high", high)] } };
    }

    const double OutlierShare = 0.001;

    static long Beyond(ReadOnlySpan<double> values, double low, double high)
    {
        var count = 0L;
        foreach (var value in values) count += value < low || value > high ? 1 : 0;
        return count;
    }

    /// <summary>A test of two rates on a column of two cells: the last one's share.</summary>
    public Outcome OnTwoCells(Func<long, long, long, long, TwoSampleTest> test)
    {
        var at = Cells;
        return at.Count switch
        {
            1 => new(0) { PValue = 1 },
            2 => Outcome.Of(test(at.Reference[1], at.ReferenceRows, at.Current[1], at.CurrentRows)),
            _ => new(double.NaN) { Detail = new() { Reason = $"compares two rates, and this column has {at.Count} cells" } },
        };
    }
}
