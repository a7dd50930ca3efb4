namespace Drift;

/// <summary>
/// The cells that take part in comparing one column, with both sides' counts: what psi, kl, js, hellinger, total_variation, linf, bhattacharyya, chi2 and g_test
/// are computed from.
/// </summary>
/// <remarks>
/// Numbers: the reference's cells, then <c>below</c>, <c>above</c>, <c>-inf</c> and <c>+inf</c>. Categories: the reference's categories with at least 1 % share, at most 50
/// (ties in ordinal order), the rest as <c>other</c>, then <c>unseen</c>; the reference's unseen rows are the number of categories it saw exactly once (Good and Turing: what a
/// fresh sample would not have known), taken out of <c>other</c>, or else an open vocabulary would drift in every window.
/// The cells outside take part only if (r + c) min(n, m) / (n + m) is at least 5 or their own exact p-value is under 0.001; otherwise below and above join the first and the last
/// cell, and the others are left out. A cell that neither side has takes no part.
/// </remarks>
public sealed partial class Cells
{
    /// <summary>The least share of the reference with which a category is a cell of its own.</summary>
    public const double LeastShare = 0.01;

    /// <summary>The most categories that are cells of their own.</summary>
    public const int MostCategories = 50;

    /// <summary>The expected count, in the smaller side's terms, from which a rare cell takes part.</summary>
    public const double LeastExpected = 5;

    /// <summary>The p-value under which a rare cell takes part however small it is.</summary>
    public const double RareLevel = 0.001;

    // What an id means beyond an index into the binning's cells or the categories.
    const int Below = -1, Above = -2, NegativeInfinity = -3, PositiveInfinity = -4, NaN = -5, Null = -6, Other = -7, Unseen = -8;
    const int MostSpecial = 6;

    readonly long[] reference, current;
    readonly int[] ids;
    readonly Binning? binning;
    readonly IReadOnlyList<string>? categories;

    Cells(int capacity, Binning? binning, IReadOnlyList<string>? categories)
    {
        (reference, current, ids) = (new long[capacity], new long[capacity], new int[capacity]);
        (this.binning, this.categories) = (binning, categories);
    }

    /// <summary>How many cells take part.</summary>
    public int Count { get; private set; }

    /// <summary>The reference's counts.</summary>
    public ReadOnlySpan<long> Reference => reference.AsSpan(0, Count);

    /// <summary>The current side's counts.</summary>
    public ReadOnlySpan<long> Current => current.AsSpan(0, Count);

    /// <summary>The reference's rows in these cells.</summary>
    public long ReferenceRows { get; private set; }

    /// <summary>The current side's rows in these cells.</summary>
    public long CurrentRows { get; private set; }

    /// <summary>The cells of a numeric column.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="current">The current side, counted over the same edges.</param>
    /// <param name="nullCell">Whether null and NaN are cells too, under the rule for rare ones. Otherwise they take no part: they have measures of their own.</param>
    /// <param name="designEffect">By how much dependence between rows inflates variances: for rare cells every count stands for so many times fewer rows.</param>
    /// <exception cref="InvalidOperationException">The edges differ.</exception>
    public static Cells Of(Histogram reference, Histogram current, bool nullCell = false, double designEffect = 1)
    {
        Match(reference, current);
        ReadOnlySpan<long> r = reference.Counts, c = current.Counts;
        var cells = new Cells(r.Length + MostSpecial, reference.Binning, null);
        var rule = new RareRule(
            reference.Values + (nullCell ? reference.Null + reference.NaN : 0), current.Values + (nullCell ? current.Null + current.NaN : 0), designEffect);
        bool below = rule.TakesPart(reference.Below, current.Below), above = rule.TakesPart(reference.Above, current.Above);
        for (var i = 0; i < r.Length; i++)
        {
            long ri = r[i], ci = c[i];
            if (i == 0 && !below) (ri, ci) = (ri + reference.Below, ci + current.Below);
            if (i == r.Length - 1 && !above) (ri, ci) = (ri + reference.Above, ci + current.Above);
            if ((ri | ci) != 0) cells.Add(i, ri, ci);
        }
        if (below) cells.Add(Below, reference.Below, current.Below);
        if (above) cells.Add(Above, reference.Above, current.Above);
        cells.AddRare(rule, NegativeInfinity, reference.NegativeInfinity, current.NegativeInfinity);
        cells.AddRare(rule, PositiveInfinity, reference.PositiveInfinity, current.PositiveInfinity);
        cells.Pool(rule);
        if (!nullCell) return cells;
        cells.AddRare(rule, NaN, reference.NaN, current.NaN);
        cells.AddRare(rule, Null, reference.Null, current.Null);
        return cells;
    }

    void AddRare(in RareRule rule, int id, long r, long c)
    {
        if (rule.TakesPart(r, c)) Add(id, r, c);
    }

    void Add(int id, long r, long c)
    {
        (ids[Count], reference[Count], current[Count]) = (id, r, c);
        Count++;
        ReferenceRows += r;
        CurrentRows += c;
    }

    internal static void Match(Histogram reference, Histogram current)
    {
        if (!ReferenceEquals(reference.Binning, current.Binning) && !reference.Binning.Equals(current.Binning))
            throw new InvalidOperationException("the two sides have different cells: make the window with ProfileBuilder.ForWindow(reference)");
    }

    /// <summary>Whether a cell outside the reference's own has enough rows, or is unlikely enough, to take part.</summary>
    readonly struct RareRule(long n, long m, double designEffect)
    {
        readonly double weight = (double)Math.Min(n, m) / ((double)n + m) / designEffect;

        public bool TakesPart(long r, long c) => (r | c) != 0 && n > 0 && m > 0 && (!IsRare(r, c) || PValue(r, c) < RareLevel);

        public bool IsRare(long r, long c) => (r + c) * weight < LeastExpected;

        double PValue(long r, long c) => designEffect == 1
            ? Rates.Test(r, n, c, m).PValue
            : Rates.Test(Independent(r), Independent(n), Independent(c), Independent(m)).PValue;

        long Independent(long rows) => (long)Math.Round(rows / designEffect);
    }
}
