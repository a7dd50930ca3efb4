namespace Drift.Worker.Sources.Files;

/// <summary>A list that grows without copying: a column of a million values costs a million values, not the two million of a doubled array.</summary>
sealed class Chunked<T>
{
    const int ChunkLength = 1 << 13;
    readonly List<T[]> chunks = [];
    T[] current = [];
    int used, before, expected;

    public int Count => before + used;

    /// <summary>How many values there will be, if that is known: then they need not be moved in the end.</summary>
    public void Expect(int count) => expected = count;

    public void Add(T value)
    {
        if (used == current.Length) Grow();
        current[used++] = value;
    }

    void Grow()
    {
        before += used;
        chunks.Add(current = GC.AllocateUninitializedArray<T>(chunks.Count == 0 && expected > 0 ? expected : ChunkLength));
        used = 0;
    }

    /// <summary>The values in one array; the chunks are given back on the way.</summary>
    public T[] Drain()
    {
        if (chunks.Count == 1 && used == current.Length) return Give(current);
        var all = new T[Count];
        var start = 0;
        for (var i = 0; i < chunks.Count; i++)
        {
            var length = Math.Min(chunks[i].Length, all.Length - start);
            chunks[i].AsSpan(0, length).CopyTo(all.AsSpan(start));
            start += length;
            chunks[i] = [];
        }
        return Give(all);
    }

    T[] Give(T[] all)
    {
        chunks.Clear();
        (current, used, before) = ([], 0, 0);
        return all;
    }
}

/// <summary>Arrow's bitmap of valid rows (least significant bit first), built only once a null has been seen.</summary>
sealed class ValidityBuilder
{
    byte[]? bits;
    int rows;

    public void Add(bool valid)
    {
        if (!valid && bits is null)
        {
            bits = new byte[Math.Max(1024, rows / 4)];
            bits.AsSpan(0, rows >> 3).Fill(0xFF);
            if ((rows & 7) != 0) bits[rows >> 3] = (byte)((1 << (rows & 7)) - 1);
        }
        if (bits is not null)
        {
            if (rows >> 3 >= bits.Length) Array.Resize(ref bits, bits.Length * 2);
            if (valid) bits[rows >> 3] |= (byte)(1 << (rows & 7));
        }
        rows++;
    }

    /// <summary>The bitmap, empty when no row was null.</summary>
    public byte[] ToArray() => bits is null ? [] : bits.AsSpan(0, (rows + 7) >> 3).ToArray();
}
