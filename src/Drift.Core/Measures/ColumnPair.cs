namespace Drift;

/// <summary>One column on both sides, and what several measures share. One object serves a whole comparison, column after column.</summary>
sealed partial class ColumnPair
{
    Cells? cells;
    ReadingDetail? driftShortage, rateShortage;
    bool driftKnown, rateKnown;
    double psi, psiP;
    ReadingDetail? psiDetail;

    public ColumnProfile Reference { get; private set; } = null!;

    public ColumnProfile Current { get; private set; } = null!;

    /// <summary>The rows of both whole sides: rates are shares of them.</summary>
    public long ReferenceRows { get; private set; }

    public long CurrentRows { get; private set; }

    /// <summary>The rows of both sides that have a value: drift measures rest on them.</summary>
    public long ReferenceValues => NullCell ? ReferenceRows : Reference.Values;

    public long CurrentValues { get; private set; }

    /// <summary>The raw samples where the rows are at hand.</summary>
    public NumericColumn? ReferenceColumn { get; private set; }

    public NumericColumn? CurrentColumn { get; private set; }

    public bool NullCell { get; init; }

    public Cells Cells => cells ??= Reference.Histogram is { } histogram
        ? Cells.Of(histogram, Current.Histogram!, NullCell, DesignEffect)
        : Cells.Of(Reference.Categories!, Current.Categories!, NullCell, DesignEffect);

    /// <summary>The cells where they were needed.</summary>
    public Cells? MadeCells => cells;

    public double DesignEffect => Reference.DesignEffect;

    public void Reset(ColumnProfile reference, ColumnProfile current, NumericColumn? referenceColumn = null, NumericColumn? currentColumn = null)
    {
        (Reference, Current, ReferenceColumn, CurrentColumn) = (reference, current, referenceColumn, currentColumn);
        (ReferenceRows, CurrentRows) = (reference.Rows, current.Rows);
        CurrentValues = NullCell ? CurrentRows : current.Values;
        (cells, psi, psiDetail) = (null, double.NaN, null);
        (referenceSample, currentSample) = (null, null);
        (driftShortage, rateShortage, driftKnown, rateKnown) = (null, null, false, false);
    }

    /// <summary>What is missing for a verdict on drift or on rates; null when both sides are large enough.</summary>
    public ReadingDetail? Shortage(ReadingKind kind, double floor)
    {
        if (kind == ReadingKind.Drift)
        {
            if (!driftKnown) driftShortage = Shortage(ReferenceValues, CurrentValues, Cells.Count, floor, DesignEffect, " with a value");
            driftKnown = true;
            return driftShortage;
        }
        if (!rateKnown) rateShortage = Shortage(ReferenceRows, CurrentRows, 2, floor, 1, "");
        rateKnown = true;
        return rateShortage;
    }

    internal static ReadingDetail? Shortage(long n, long m, int cells, double floor, double designEffect, string with)
    {
        if (Power.Enough(n, m, cells, floor, designEffect)) return null;
        if (Power.RowsNeeded(n, cells, floor, designEffect) is { } needed)
            return new() { Reason = $"needs {needed} rows{with}, has {m}: {needed - m} are missing", Numbers = [new("needed_rows", needed), new("missing_rows", needed - m)] };
        var least = Power.LeastFloor(n, cells, designEffect);
        return new()
        {
            Reason = n == 0
                ? $"the reference has no rows{with}"
                : $"the reference's {n} rows{with} are too few for any window: the least effect that they can judge is {least:0.###}",
            Numbers = [new("reference_rows", n), new("least_floor", least)],
        };
    }

    public Outcome Psi(bool corrected)
    {
        var at = Cells;
        double n = at.ReferenceRows, m = at.CurrentRows;
        if (psiDetail is null)
        {
            psi = Divergence.Psi(at.Reference, at.Current);
            var (r, c) = at.Tested;
            psiP = PsiLaw.PValue(at.IsPooled ? Divergence.Psi(r.Span, c.Span) : psi, n, m, r.Length, DesignEffect);
            psiDetail = new()
            {
                Numbers = [new("reference_rows", n), new("dof", r.Length - 1), new("scale", PsiLaw.Scale(n, m, DesignEffect))],
                Cells = at.Moved(),
            };
        }
        if (double.IsNaN(psi)) return new(double.NaN);
        var above = PsiLaw.Corrected(psi, n, m, at.Count, DesignEffect);
        return new(corrected ? above : psi)
        {
            PValue = psiP,
            Effect = above,
            Detail = corrected ? null : psiDetail,
        };
    }

    /// <summary>A test on the cells; like psi's, its p-value rests on cells of which none is rare.</summary>
    public Outcome OnCells(Func<ReadOnlySpan<long>, ReadOnlySpan<long>, double, TwoSampleTest> test)
    {
        var at = Cells;
        var outcome = Outcome.Of(test(at.Reference, at.Current, DesignEffect));
        if (!at.IsPooled || outcome.PValue is null) return outcome;
        var (r, c) = at.Tested;
        return outcome with { PValue = test(r.Span, c.Span, DesignEffect).PValue };
    }

    public Outcome Rate(long reference, long current) => Rate(reference, ReferenceRows, current, CurrentRows);

    /// <summary>A share of all rows on both sides, with its test.</summary>
    internal static Outcome Rate(long reference, long n, long current, long m)
    {
        if (m == 0) return new(double.NaN) { ReferenceValue = Share(reference, n) };
        // Most rates of most columns are 0 on both sides: nothing to test.
        var p = reference == 0 && current == 0 ? 1 : Rates.Test(reference, n, current, m).PValue;
        return new(Share(current, m)) { ReferenceValue = Share(reference, n), PValue = double.IsNaN(p) ? null : p, Effect = Math.Abs(Share(current, m) - Share(reference, n)) };
    }

    /// <summary>Values of another type, and nulls where the signature allows none or fewer. Where nobody breaks it there is nothing to test, so no family grows.</summary>
    public Outcome Violations()
    {
        long before = Of(Reference, Reference.Spec), now = Of(Current, Reference.Spec);
        var outcome = Rate(before, now);
        return before == 0 && now == 0 ? outcome with { PValue = null } : outcome;

        static long Of(ColumnProfile side, ColumnSpec spec)
        {
            var tooMany = !spec.Nullable || spec.MaxNullRate is { } most && side.Null > most * side.Rows;
            return Math.Min(side.Rows, side.Violations + (tooMany ? side.Null : 0));
        }
    }

    public Outcome Constant() => new(ColumnFacts.IsConstant(Current) ? 1 : 0) { ReferenceValue = ColumnFacts.IsConstant(Reference) ? 1 : 0 };

    public Outcome Distinct()
    {
        if (ReferenceColumn is null || CurrentColumn is null)
            return new(ColumnFacts.Distinct(Current, isReference: false)) { ReferenceValue = ColumnFacts.Distinct(Reference, isReference: true) };
        return new(new HashSet<double>(CurrentColumn.Sample()).Count) { ReferenceValue = new HashSet<double>(ReferenceColumn.Sample()).Count };
    }

    static double Share(long count, long rows) => rows == 0 ? double.NaN : (double)count / rows;
}
