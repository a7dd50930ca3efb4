using System.Buffers;

namespace Drift;

public sealed partial class ProfileBuilder
{
    /// <summary>Adds dictionary-encoded categories: each dictionary entry is looked up once, the codes are counted.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="codes">One code per row; a code under a null is never read.</param>
    /// <param name="dictionary">The categories; an entry may itself be null.</param>
    /// <param name="validity">Arrow's bitmap; empty when nothing is null.</param>
    /// <param name="validityOffset">The bit of the first code.</param>
    /// <exception cref="ArgumentException">A code is outside the dictionary.</exception>
    public ProfileBuilder AddDictionary(string column, ReadOnlySpan<int> codes, IReadOnlyList<string?> dictionary, ReadOnlySpan<byte> validity = default, int validityOffset = 0)
    {
        Validity.Check(validity, validityOffset, codes.Length);
        var builder = Find(column);
        builder.AddCodes(codes, dictionary, validity, validityOffset);
        return this;
    }

    /// <summary>Adds UTF-8 strings in Arrow's layout: value i is data[offsets[i]..offsets[i + 1]]; the first offset need not be 0.</summary>
    /// <exception cref="ArgumentException">An offset is out of order or outside the data.</exception>
    public ProfileBuilder AddUtf8(string column, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> data, ReadOnlySpan<byte> validity = default, int validityOffset = 0)
    {
        var count = Math.Max(0, offsets.Length - 1);
        Validity.Check(validity, validityOffset, count);
        var builder = Find(column);
        for (var i = 0; i < count; i++)
        {
            if (!Validity.IsValid(validity, validityOffset + i))
            {
                builder.AddNull(1);
                continue;
            }
            var (from, to) = (offsets[i], offsets[i + 1]);
            if (from < 0 || to < from || to > data.Length) throw new ArgumentException($"string {i} lies at {from}..{to} of {data.Length} bytes", nameof(offsets));
            builder.AddCategory(data[from..to]);
        }
        return this;
    }

    /// <summary>Adds bit-packed booleans (least significant bit first) as the categories <c>true</c> and <c>false</c>.</summary>
    /// <exception cref="ArgumentException">The bits or the bitmap are too short.</exception>
    public ProfileBuilder AddBits(string column, ReadOnlySpan<byte> bits, int bitOffset, int length, ReadOnlySpan<byte> validity = default, int validityOffset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > 0 && bits.IsEmpty) throw new ArgumentException($"no bits for {length} values", nameof(bits));
        Validity.Check(bits, bitOffset, length);
        Validity.Check(validity, validityOffset, length);
        var codes = ArrayPool<int>.Shared.Rent(length);
        for (var i = 0; i < length; i++) codes[i] = Validity.IsValid(bits, bitOffset + i) ? 1 : 0;
        AddDictionary(column, codes.AsSpan(0, length), ["false", "true"], validity, validityOffset);
        ArrayPool<int>.Shared.Return(codes);
        return this;
    }

    /// <summary>Adds a chunked column: one bitmap per chunk, or none at all when nothing is null.</summary>
    public ProfileBuilder AddChunks<T>(string column, IEnumerable<ReadOnlyMemory<T>> values, IEnumerable<ReadOnlyMemory<byte>>? validity = null) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        using var bitmaps = validity?.GetEnumerator();
        foreach (var chunk in values)
        {
            if (bitmaps is not null && !bitmaps.MoveNext()) throw new ArgumentException("fewer validity bitmaps than chunks", nameof(validity));
            AddNumeric(column, chunk.Span, bitmaps is null ? default : bitmaps.Current.Span);
        }
        return this;
    }
}
