namespace Drift;

public sealed partial class Cells
{
    /// <summary>The cells of a categorical column.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="current">The current side, counted over the same vocabulary.</param>
    /// <param name="nullCell">Whether null is a cell too, under the rule for rare ones.</param>
    /// <param name="designEffect">By how much dependence between rows inflates variances: for rare cells every count stands for so many times fewer rows.</param>
    /// <exception cref="InvalidOperationException">The vocabularies differ.</exception>
    public static Cells Of(CategoryCounts reference, CategoryCounts current, bool nullCell = false, double designEffect = 1)
    {
        Match(reference, current);
        ReadOnlySpan<long> r = reference.Counts, c = current.Counts;
        long n = reference.Values, m = current.Values;
        Span<int> listed = stackalloc int[MaxAtLeastShare];
        var count = Listed(reference, n, listed);
        var cells = new Cells(count + MostSpecial, null, reference.Categories);
        long restR = reference.Other, restC = current.Other;
        var next = 0;
        for (var i = 0; i < r.Length; i++)
        {
            if (next < count && listed[next] == i)
            {
                cells.Add(i, r[i], c[i]);
                next++;
            }
            else
            {
                restR += r[i];
                restC += c[i];
            }
        }
        var unseen = Math.Min(UnseenOf(reference), restR + reference.Unseen);
        restR -= unseen - reference.Unseen;
        if ((restR | restC) != 0) cells.Add(Other, restR, restC);
        var rule = new RareRule(n + (nullCell ? reference.Null : 0), m + (nullCell ? current.Null : 0), designEffect);
        cells.AddRare(rule, Unseen, unseen, current.Unseen);
        if (nullCell) cells.AddRare(rule, Null, reference.Null, current.Null);
        return cells;
    }

    /// <summary>
    /// The rows that the reference would not have known: the categories that it saw exactly once, or, in a reference captured from windows, the rows that were
    /// really unseen.
    /// </summary>
    internal static long UnseenOf(CategoryCounts reference) => Math.Max(reference.Unseen, reference.Vocabulary.Singletons);

    /// <summary>Whether most rows of the reference hold a value of their own, so that no share means anything.</summary>
    internal static bool IsIdentifier(CategoryCounts reference) => reference.Vocabulary.Singletons > reference.Values / 2.0;

    /// <summary>At least 1 % share: there cannot be more of them.</summary>
    const int MaxAtLeastShare = 100;

    /// <summary>The indices, ascending, of the categories that are cells of their own.</summary>
    static int Listed(CategoryCounts reference, long n, Span<int> listed)
    {
        var counts = reference.Counts;
        var count = 0;
        for (var i = 0; i < counts.Length; i++)
            if (counts[i] > 0 && counts[i] * 100 >= n) listed[count++] = i;
        if (count <= MostCategories) return count;
        var names = reference.Categories;
        var ranked = listed[..count].ToArray();
        var order = ranked.Select(i => (Index: i, Count: reference.Counts[i])).ToArray();
        Array.Sort(order, (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : string.CompareOrdinal(names[a.Index], names[b.Index]));
        for (var i = 0; i < MostCategories; i++) listed[i] = order[i].Index;
        listed[..MostCategories].Sort();
        return MostCategories;
    }

    static void Match(CategoryCounts reference, CategoryCounts current)
    {
        if (!ReferenceEquals(reference.Vocabulary, current.Vocabulary) && !reference.Vocabulary.Equals(current.Vocabulary))
            throw new InvalidOperationException("the two sides have different categories: make the window with ProfileBuilder.ForWindow(reference)");
    }
}
