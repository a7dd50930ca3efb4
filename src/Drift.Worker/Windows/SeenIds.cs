using System.Buffers.Binary;
using System.Security.Cryptography;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// The ids that a pane of one partition has counted, as 64-bit hashes: a second record of one is a double. A producer that repeats itself does so in the
/// same partition, so that no two owners need to agree. Two different ids of ten million share a hash once in 300,000 panes.
/// </summary>
sealed class SeenIds
{
    /// <summary>Beyond this many a pane counts every record: memory stays bounded.</summary>
    public const int Most = 10_000_000;

    readonly HashSet<ulong> known = [];
    readonly List<ulong> fresh = [];

    /// <summary>Continues from what was stored.</summary>
    public void Load(ReadOnlySpan<byte> hashes)
    {
        for (; hashes.Length >= 8; hashes = hashes[8..]) known.Add(BinaryPrimitives.ReadUInt64LittleEndian(hashes));
    }

    /// <summary>False: this id was counted before.</summary>
    public bool TryAdd(ReadOnlySpan<byte> id)
    {
        if (known.Count >= Most) return true;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, digest);
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        if (!known.Add(hash)) return false;
        fresh.Add(hash);
        return true;
    }

    /// <summary>What was added since the last commit; null: nothing.</summary>
    public PaneIds? Changes(PaneKey pane, long upTo)
    {
        if (fresh.Count == 0) return null;
        var bytes = new byte[fresh.Count * 8];
        for (var i = 0; i < fresh.Count; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), fresh[i]);
        return new PaneIds(pane, upTo, bytes);
    }

    public void Saved() => fresh.Clear();
}
