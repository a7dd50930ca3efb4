namespace Drift.Worker.Sources.Files;

/// <summary>The codes of the first few thousand categories of a column, found by their bytes without making a string.</summary>
sealed class Utf8Codes
{
    const int Most = 4096;

    (ulong Hash, byte[] Text, int Code)[] slots = new (ulong, byte[], int)[64];
    int count;

    /// <summary>The code of a category, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        for (var at = (int)hash & slots.Length - 1; slots[at].Text is { } known; at = at + 1 & slots.Length - 1)
            if (slots[at].Hash == hash && text.SequenceEqual(known)) return slots[at].Code;
        return -1;
    }

    /// <summary>Remembers a category that was not found, while there are few.</summary>
    public void Add(ReadOnlySpan<byte> text, int code)
    {
        if (count == Most) return;
        if (++count * 2 > slots.Length)
        {
            var old = slots;
            slots = new (ulong, byte[], int)[old.Length * 2];
            foreach (var slot in old)
                if (slot.Text is not null) Insert(slot);
        }
        Insert((Hash(text), text.ToArray(), code));
    }

    void Insert((ulong Hash, byte[] Text, int Code) slot)
    {
        var at = (int)slot.Hash & slots.Length - 1;
        while (slots[at].Text is not null) at = at + 1 & slots.Length - 1;
        slots[at] = slot;
    }

    static ulong Hash(ReadOnlySpan<byte> text) => XxHash64.Hash(text);
}
