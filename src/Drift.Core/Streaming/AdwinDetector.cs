namespace Drift;

/// <summary>ADWIN: keeps the longest window whose every split has equal means at the confidence delta.</summary>
/// <remarks>
/// The window is held as rows of at most max_buckets buckets, row i holding 2^i values each (an exponential histogram): O(max_buckets log(window))
/// memory. Operations are in River's order, so that decisions at the edge agree too.
/// </remarks>
sealed class AdwinDetector(double delta, int clock, int maxBuckets, int minWindow, int grace, bool keepsWindow) : IDetectorCore
{
    readonly List<Row> rows = [new(maxBuckets)];
    long ticks;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        var delta = p.Number("delta", 0.002, double.Epsilon, 1);
        int clock = p.Whole("clock", 32, 1, int.MaxValue), buckets = p.Whole("max_buckets", 5, 2, 1000);
        int least = p.Whole("min_window_length", 5, 1, int.MaxValue), grace = p.Whole("grace_period", 10, 1, int.MaxValue);
        var keeps = p.Flag("keep_window");
        return () => new AdwinDetector(delta, clock, buckets, least, grace, keeps);
    }

    /// <summary>Whether a detection only drops the old part of the window, as in the paper, instead of starting anew.</summary>
    public bool KeepsWindow => keepsWindow;

    public double Width { get; private set; }

    public double Total { get; private set; }

    /// <summary>The sum of squared deviations over the window.</summary>
    public double Variance { get; private set; }

    public int Rows => rows.Count;

    public Signal Update(double value)
    {
        Insert(value);
        ticks++;
        if (ticks % clock != 0 || Width <= grace) return Signal.None;
        var changed = false;
        while (HasCut())
        {
            changed = true;
            if (Width <= 0) break;
            DropOldest();
        }
        return changed ? Signal.Drift : Signal.None;
    }

    void Insert(double value)
    {
        rows[0].Add(value, 0);
        Width++;
        if (Width > 1)
        {
            var off = value - Total / (Width - 1);
            Variance += (Width - 1) * off * off / Width;
        }
        Total += value;
        Compress();
    }

    // A full row gives its two oldest buckets, merged, to the next one.
    void Compress()
    {
        for (var i = 0; i < rows.Count && rows[i].Count == maxBuckets + 1; i++)
        {
            if (i + 1 == rows.Count) rows.Add(new(maxBuckets));
            var row = rows[i];
            double size = Math.ScaleB(1, i), apart = row.Totals[0] / size - row.Totals[1] / size;
            var between = size * size * apart * apart / (size + size);
            rows[i + 1].Add(row.Totals[0] + row.Totals[1], row.Variances[0] + row.Variances[1] + between);
            row.RemoveOldest(2);
        }
    }

    void DropOldest()
    {
        var row = rows[^1];
        double size = Math.ScaleB(1, rows.Count - 1), mean = row.Totals[0] / size;
        Width -= size;
        Total -= row.Totals[0];
        var apart = mean - Total / Width;
        Variance -= row.Variances[0] + size * Width * apart * apart / (size + Width);
        row.RemoveOldest(1);
        if (row.Count == 0) rows.RemoveAt(rows.Count - 1);
    }

    // From the oldest bucket on; the newest bucket of every row is passed over, as in River.
    bool HasCut()
    {
        double oldWidth = 0, newWidth = Width, oldTotal = 0, newTotal = Total;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            var size = Math.ScaleB(1, i);
            for (var k = 0; k < rows[i].Count - 1; k++)
            {
                oldWidth += size;
                newWidth -= size;
                oldTotal += rows[i].Totals[k];
                newTotal -= rows[i].Totals[k];
                if (newWidth >= minWindow && oldWidth >= minWindow && Differs(oldWidth, newWidth, oldTotal / oldWidth - newTotal / newWidth)) return true;
            }
        }
        return false;
    }

    bool Differs(double oldWidth, double newWidth, double difference)
    {
        var confidence = Math.Log(2 * Math.Log(Width) / delta);
        var m = 1 / (oldWidth - minWindow + 1) + 1 / (newWidth - minWindow + 1);
        return Math.Abs(difference) > Math.Sqrt(2 * m * (Variance / Width) * confidence) + 2.0 / 3 * confidence * m;
    }

    sealed class Row(int maxBuckets)
    {
        public double[] Totals { get; } = new double[maxBuckets + 1];

        public double[] Variances { get; } = new double[maxBuckets + 1];

        public int Count { get; private set; }

        public void Add(double total, double variance)
        {
            Totals[Count] = total;
            Variances[Count++] = variance;
        }

        public void RemoveOldest(int count)
        {
            Totals.AsSpan(count).CopyTo(Totals);
            Variances.AsSpan(count).CopyTo(Variances);
            Count -= count;
        }
    }
}
