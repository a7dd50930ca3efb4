namespace Drift.Worker.Sources.Files;

/// <summary>A list that grows without copying: a column of a million values costs a million values, not the two million of a doubled array.</summary>
sealed class Chunked<T>
{
    const int ChunkLength = 1 << 13;
    readonly List<T[]> chunks = [];
    T[] current = [];
    int used = ChunkLength;

    public int Count => chunks.Count == 0 ? 0 : (chunks.Count - 1) * ChunkLength + used;

    public void Add(T value)
    {
        if (used == ChunkLength)
        {
            chunks.Add(current = new T[ChunkLength]);
            used = 0;
        }
        current[used++] = value;
    }

    /// <summary>The values in one array; the chunks are given back on the way.</summary>
    public T[] Drain()
    {
        var all = new T[Count];
        for (var i = 0; i < chunks.Count; i++)
        {
            var start = i * ChunkLength;
            chunks[i].AsSpan(0, Math.Min(ChunkLength, all.Length - start)).CopyTo(all.AsSpan(start));
            chunks[i] = [];
        }
        chunks.Clear();
        used = ChunkLength;
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
