namespace Drift;

/// <summary>The mutable side of <see cref="CategoryCounts"/>.</summary>
sealed class CategoryCounter(Vocabulary vocabulary)
{
    readonly long[] counts = new long[vocabulary.Categories.Count];
    long other, unseen, nulls, mismatched;

    public Vocabulary Vocabulary => vocabulary;

    public void AddNull(long count) => nulls += count;

    public void AddMismatched(long count) => mismatched += count;

    public void Add(ReadOnlySpan<byte> utf8, long count = 1) => AddFound(vocabulary.Find(utf8), count);

    public void Add(string category, long count = 1) => AddFound(vocabulary.Find(category), count);

    void AddFound(int found, long count)
    {
        if (found >= 0) counts[found] += count;
        else if (found == Vocabulary.Other) other += count;
        else unseen += count;
    }

    /// <summary>Continues from counts made earlier over the same vocabulary.</summary>
    public void Load(CategoryCounts partial)
    {
        for (var i = 0; i < counts.Length; i++) counts[i] += partial.Counts[i];
        other += partial.Other;
        unseen += partial.Unseen;
        nulls += partial.Null;
        mismatched += partial.Mismatched;
    }

    public void Clear()
    {
        Array.Clear(counts);
        (other, unseen, nulls, mismatched) = (0, 0, 0, 0);
    }

    public CategoryCounts ToCounts() => new(vocabulary, [.. counts]) { Other = other, Unseen = unseen, Null = nulls, Mismatched = mismatched };
}
