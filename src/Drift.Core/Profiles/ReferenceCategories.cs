using System.Text;

namespace Drift;

/// <summary>A categorical column of a reference: counts every category, lists the most frequent, remembers the others by hash.</summary>
sealed class ReferenceCategories(ColumnSpec spec, int maxCategories) : ColumnBuilder(spec)
{
    readonly Dictionary<string, int> index = new(StringComparer.Ordinal);
    readonly List<long> counts = [];
    readonly List<int> codes = [];
    long nulls, mismatched;

    public override int Rows => codes.Count;

    public override void AddCategory(string category)
    {
        if (!index.TryGetValue(category, out var code))
        {
            index.Add(category, code = index.Count);
            counts.Add(0);
        }
        counts[code]++;
        codes.Add(code);
    }

    public override void AddNull(long count)
    {
        nulls += count;
        for (var i = 0L; i < count; i++) codes.Add(-1);
    }

    public override void AddMismatched(long count) => mismatched += count;

    public override void Clear()
    {
        index.Clear();
        counts.Clear();
        codes.Clear();
        (nulls, mismatched) = (0, 0);
    }

    public override ColumnProfile ToProfile(int[] order)
    {
        var ranked = index.Select(entry => (entry.Key, entry.Value, Count: counts[entry.Value])).ToArray();
        Array.Sort(ranked, (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : string.CompareOrdinal(a.Key, b.Key));
        var listed = ranked.AsSpan(0, Math.Min(maxCategories, ranked.Length)).ToArray();
        var beyond = ranked[listed.Length..];
        var known = beyond.Take(Vocabulary.MaxKnown).Select(entry => XxHash64.Hash(Encoding.UTF8.GetBytes(entry.Key))).Distinct().Order().ToArray();
        var vocabulary = new Vocabulary(listed.Select(entry => entry.Key), known, counts.Count(count => count == 1));
        var rank = new int[counts.Count];
        for (var i = 0; i < ranked.Length; i++) rank[ranked[i].Value] = i < listed.Length ? i : listed.Length;
        var signature = Signature.Of(Spec);
        if (signature is not null)
            foreach (var entry in ranked) signature.Add(entry.Key, entry.Count);
        return new(Spec, new CategoryCounts(vocabulary, [.. listed.Select(entry => entry.Count)]) { Other = beyond.Sum(entry => entry.Count), Null = nulls, Mismatched = mismatched })
        {
            Forbidden = signature?.Forbidden ?? 0,
            DesignEffect = order.Length != codes.Count ? 1 : DesignEffect.Estimate(order, listed.Length + 1, row => codes[row] < 0 ? -1 : rank[codes[row]]),
        };
    }
}
