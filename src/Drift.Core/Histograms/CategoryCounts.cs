using System.Numerics;

namespace Drift;

/// <summary>The counts of a categorical column over a <see cref="Vocabulary"/>. Immutable; + is exact integer addition and demands the same vocabulary.</summary>
public sealed class CategoryCounts : IAdditionOperators<CategoryCounts, CategoryCounts, CategoryCounts>
{
    readonly long[] counts;

    internal CategoryCounts(Vocabulary vocabulary, long[] counts)
    {
        if (counts.Length != vocabulary.Categories.Count) throw new ArgumentException($"{counts.Length} counts for {vocabulary.Categories.Count} categories", nameof(counts));
        foreach (var count in counts) ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
        (Vocabulary, this.counts) = (vocabulary, counts);
    }

    /// <summary>Counts over a vocabulary of just these categories.</summary>
    public static CategoryCounts FromCounts(IReadOnlyList<string> categories, ReadOnlySpan<long> counts, long singletons = 0) => new(new(categories, [], singletons), counts.ToArray());

    /// <summary>The counts of nothing: the identity of +.</summary>
    public static CategoryCounts Empty(Vocabulary vocabulary) => new(vocabulary, new long[vocabulary.Categories.Count]);

    /// <summary>The categories that are told apart.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The listed categories.</summary>
    public IReadOnlyList<string> Categories => Vocabulary.Categories;

    /// <summary>The count of each listed category.</summary>
    public ReadOnlySpan<long> Counts => counts;

    /// <summary>Rows of known categories that are not listed.</summary>
    public long Other { get; init; }

    /// <summary>Rows of categories that the reference never saw.</summary>
    public long Unseen { get; init; }

    /// <summary>Rows without a value.</summary>
    public long Null { get; init; }

    /// <summary>Rows that hold a value of another type; they are not among <see cref="Null"/>.</summary>
    public long Mismatched { get; init; }

    /// <summary>Rows with a value.</summary>
    public long Values => counts.Sum() + Other + Unseen;

    /// <summary>All rows.</summary>
    public long Rows => Values + Null + Mismatched;

    /// <summary>The counts of both sides together.</summary>
    /// <exception cref="InvalidOperationException">The vocabularies differ.</exception>
    public static CategoryCounts operator +(CategoryCounts left, CategoryCounts right)
    {
        if (!left.Vocabulary.Equals(right.Vocabulary)) throw new InvalidOperationException("category counts of different vocabularies cannot be merged");
        var counts = new long[left.counts.Length];
        for (var i = 0; i < counts.Length; i++) counts[i] = checked(left.counts[i] + right.counts[i]);
        return new(left.Vocabulary, counts)
        {
            Other = left.Other + right.Other,
            Unseen = left.Unseen + right.Unseen,
            Null = left.Null + right.Null,
            Mismatched = left.Mismatched + right.Mismatched,
        };
    }
}
