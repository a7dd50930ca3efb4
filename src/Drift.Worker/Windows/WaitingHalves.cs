using System.Text;
using Drift.Worker.Sources.Formats;

namespace Drift.Worker.Windows;

/// <summary>A request or a response that waits for the other, as it came.</summary>
/// <param name="Offset">Its place in the log.</param>
/// <param name="Deadline">The watermark that ends its waiting.</param>
sealed record WaitingHalf(long Offset, long Deadline, bool IsRequest, string Model, string Id, long Time, long Received, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Value)
{
    public LogMessage Message => new(Value, Time, Headers, Received);

    /// <summary>About what it costs.</summary>
    public int Bytes => Value.Length + 200 + Headers.Sum(h => 2 * (h.Key.Length + h.Value.Length));
}

/// <summary>
/// The halves of a partition that wait. They are part of the partition's state and are stored with its position, so that a pair that a commit, a crash or a
/// new owner comes between is joined all the same, once.
/// </summary>
sealed class WaitingHalves
{
    const byte Version = 1;

    readonly SortedDictionary<(long Deadline, long Offset), WaitingHalf> byDeadline = [];
    readonly Dictionary<(bool IsRequest, string Model, string Id), WaitingHalf> byKey = [];
    byte[]? saved;

    public WaitingHalves(byte[] stored)
    {
        saved = stored;
        if (stored.Length == 0) return;
        using var reader = new BinaryReader(new MemoryStream(stored), Encoding.UTF8);
        if (reader.ReadByte() != Version) throw new FormatException($"not waiting halves of version {Version}");
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (offset, deadline, isRequest, model, id, time, received) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean(), reader.ReadString(), reader.ReadString(), reader.ReadInt64(), reader.ReadInt64());
            var headers = new KeyValuePair<string, string>[reader.ReadInt32()];
            for (var i = 0; i < headers.Length; i++) headers[i] = new(reader.ReadString(), reader.ReadString());
            Add(new WaitingHalf(offset, deadline, isRequest, model, id, time, received, headers, reader.ReadBytes(reader.ReadInt32())));
        }
        saved = stored;
    }

    public int Count => byDeadline.Count;

    public long Bytes { get; private set; }

    /// <summary>Takes out the other half, if it waits.</summary>
    public WaitingHalf? Take(bool isRequest, string model, string id) => byKey.TryGetValue((isRequest, model, id), out var half) ? Remove(half) : null;

    /// <summary>Adds a half and returns the one of the same kind and id that it takes the place of.</summary>
    public WaitingHalf? Add(WaitingHalf half)
    {
        var former = Take(half.IsRequest, half.Model, half.Id);
        byKey.Add((half.IsRequest, half.Model, half.Id), half);
        byDeadline.Add((half.Deadline, half.Offset), half);
        Bytes += half.Bytes;
        saved = null;
        return former;
    }

    /// <summary>Takes out the half whose deadline is next, if a watermark has reached it.</summary>
    public WaitingHalf? TakeDue(long watermark)
    {
        if (byDeadline.Count == 0) return null;
        using var first = byDeadline.GetEnumerator();
        return first.MoveNext() && first.Current.Key.Deadline <= watermark ? Remove(first.Current.Value) : null;
    }

    WaitingHalf Remove(WaitingHalf half)
    {
        byKey.Remove((half.IsRequest, half.Model, half.Id));
        byDeadline.Remove((half.Deadline, half.Offset));
        Bytes -= half.Bytes;
        saved = null;
        return half;
    }

    /// <summary>All of them as bytes; none: empty.</summary>
    public byte[] Save()
    {
        if (saved is not null) return saved;
        if (byDeadline.Count == 0) return saved = [];
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8))
        {
            writer.Write(Version);
            writer.Write(byDeadline.Count);
            foreach (var half in byDeadline.Values) Write(writer, half);
        }
        return saved = memory.ToArray();
    }

    static void Write(BinaryWriter writer, WaitingHalf half)
    {
        writer.Write(half.Offset);
        writer.Write(half.Deadline);
        writer.Write(half.IsRequest);
        writer.Write(half.Model);
        writer.Write(half.Id);
        writer.Write(half.Time);
        writer.Write(half.Received);
        writer.Write(half.Headers.Count);
        foreach (var (name, value) in half.Headers)
        {
            writer.Write(name);
            writer.Write(value);
        }
        writer.Write(half.Value.Length);
        writer.Write(half.Value);
    }
}
