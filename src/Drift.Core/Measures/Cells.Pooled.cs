namespace Drift;

public sealed partial class Cells
{
    long[]? pooledReference, pooledCurrent;

    /// <summary>
    /// The counts on which the p-values of psi, chi2 and g_test rest: the taking-part cells, where with more than 200 rows on a side every reference's cell of a numeric column that is rare by the rule for outside cells is
    /// joined with its left neighbour (the first with its right one). Their laws need a few expected rows in every cell: without this, p is too large on counts like Poisson(1), whose tail has cells of
    /// one row. Not on few rows, which no verdict rests on: there fuller cells are still too empty for G, which then rejects 7 % at 5 %. Where no cell is rare these are the cells themselves.
    /// </summary>
    internal (ReadOnlyMemory<long> Reference, ReadOnlyMemory<long> Current) Tested =>
        pooledReference is null ? (reference.AsMemory(0, Count), current.AsMemory(0, Count)) : (pooledReference, pooledCurrent);

    internal bool IsPooled => pooledReference is not null;

    void Pool(in RareRule rule)
    {
        if (Math.Max(ReferenceRows, CurrentRows) <= TiedRanks.PublishedUpTo) return;
        var own = 0; // the binning's cells come first, in order; below, above and the infinities after them
        var rare = false;
        for (; own < Count && ids[own] >= 0; own++) rare |= rule.IsRare(reference[own], current[own]);
        if (!rare || own < 2) return;
        List<long> r = [.. Reference], c = [.. Current];
        for (var i = own - 1; i > 0; i--)
            if (rule.IsRare(r[i], c[i])) Join(i, i - 1);
        if (r.Count - (Count - own) > 1 && rule.IsRare(r[0], c[0])) Join(0, 1);
        (pooledReference, pooledCurrent) = ([.. r], [.. c]);

        void Join(int from, int to)
        {
            (r[to], c[to]) = (r[to] + r[from], c[to] + c[from]);
            r.RemoveAt(from);
            c.RemoveAt(from);
        }
    }
}
