using System.Text;

namespace Drift;

/// <summary>
/// The categories that a reference knows: the listed ones in full, the others by their hash. It is to <see cref="CategoryCounts"/> what
/// <see cref="Binning"/> is to <see cref="Histogram"/>: the shape that a window shares with its reference.
/// </summary>
public sealed class Vocabulary : IEquatable<Vocabulary>
{
    /// <summary>The most categories that are remembered by hash.</summary>
    public const int MaxKnown = 100_000;

    /// <summary>What <see cref="Find(ReadOnlySpan{byte})"/> returns for a known category that is not listed.</summary>
    public const int Other = -1;

    /// <summary>What <see cref="Find(ReadOnlySpan{byte})"/> returns for a category that the reference never saw.</summary>
    public const int Unseen = -2;

    readonly string[] categories;
    readonly byte[][] texts;
    readonly ulong[] known;
    readonly int[] slots;
    readonly ulong[] hashes;
    readonly ShortTexts shorts;

    /// <summary>Creates a vocabulary.</summary>
    /// <param name="categories">The listed categories, most frequent first.</param>
    /// <param name="known">The XxHash64 (seed 0) of the UTF-8 of each further category, strictly ascending.</param>
    /// <param name="singletons">How many of the reference's categories it saw exactly once.</param>
    /// <exception cref="ArgumentException">A category stands twice, or the hashes are not strictly ascending.</exception>
    public Vocabulary(IEnumerable<string> categories, ReadOnlySpan<ulong> known, long singletons)
    {
        this.categories = [.. categories];
        this.known = known.ToArray();
        if (known.Length > MaxKnown) throw new ArgumentException($"{known.Length} known categories; at most {MaxKnown} are kept", nameof(known));
        for (var i = 1; i < known.Length; i++)
            if (known[i] <= known[i - 1]) throw new ArgumentException($"the known hashes do not ascend at {i}", nameof(known));
        ArgumentOutOfRangeException.ThrowIfNegative(singletons);
        Singletons = singletons;
        texts = Array.ConvertAll(this.categories, Encoding.UTF8.GetBytes);
        slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, texts.Length * 2))];
        hashes = new ulong[slots.Length];
        for (var i = 0; i < texts.Length; i++) Insert(i);
        shorts = new(texts);
    }

    /// <summary>The listed categories, most frequent in the reference first.</summary>
    public IReadOnlyList<string> Categories => categories;

    /// <summary>The hashes of the known categories that are not listed.</summary>
    public ReadOnlySpan<ulong> Known => known;

    /// <summary>How many of the reference's categories it saw exactly once (Good-Turing's f1).</summary>
    public long Singletons { get; }

    /// <summary>How many different categories the reference saw.</summary>
    public int Distinct => categories.Length + known.Length;

    /// <summary>The position of a category in <see cref="Categories"/>, or <see cref="Other"/>, or <see cref="Unseen"/>.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= ShortTexts.Longest && shorts.Find(utf8) is var found and >= 0) return found;
        var hash = XxHash64.Hash(utf8);
        for (var at = Start(hash); slots[at] != 0; at = at + 1 & slots.Length - 1)
            if (hashes[at] == hash && utf8.SequenceEqual(texts[slots[at] - 1])) return slots[at] - 1;
        return known.AsSpan().BinarySearch(hash) >= 0 ? Other : Unseen;
    }

    /// <summary>The position of a category in <see cref="Categories"/>, or <see cref="Other"/>, or <see cref="Unseen"/>.</summary>
    public int Find(string category)
    {
        Span<byte> small = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(category, small, out var written) ? Find(small[..written]) : Find(Encoding.UTF8.GetBytes(category));
    }

    /// <summary>The same categories, hashes and singletons.</summary>
    public bool Equals(Vocabulary? other) => other is not null && (ReferenceEquals(this, other)
        || Singletons == other.Singletons && categories.AsSpan().SequenceEqual(other.categories) && known.AsSpan().SequenceEqual(other.known));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Vocabulary);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(categories.Length, known.Length, Singletons, categories.FirstOrDefault());

    void Insert(int category)
    {
        var hash = XxHash64.Hash(texts[category]);
        var at = Start(hash);
        for (; slots[at] != 0; at = at + 1 & slots.Length - 1)
            if (hashes[at] == hash && texts[category].AsSpan().SequenceEqual(texts[slots[at] - 1]))
                throw new ArgumentException($"the category '{categories[category]}' stands twice", nameof(category));
        (slots[at], hashes[at]) = (category + 1, hash);
    }

    int Start(ulong hash) => (int)(hash & (ulong)(slots.Length - 1));
}
