using System.Runtime.InteropServices;
using System.Text;

namespace Drift.Core.Tests.Profiles;

/// <summary>A batch of five columns in the C Data Interface's structures, in memory that is freed at the end; every buffer has room to spare, filled with what must never be read.</summary>
sealed unsafe class CBatch : IDisposable
{
    const int Room = 1 << 14;
    readonly List<nint> owned = [];
    readonly Random random;
    readonly int total, columnOffset;

    public CBatch(int columnOffset, int batchOffset, int rows, int seed, bool large)
    {
        (random, this.columnOffset, total) = (new Random(seed), columnOffset, batchOffset + rows);
        double?[] d = Fill(i => i % 9 == 4 ? double.NaN : i * 1.25);
        int?[] n = Fill(i => i * 3);
        string?[] text = Texts(i => $"t{i % 9}\u00e9"), code = Texts(i => $"c{i % 4}");
        bool?[] flag = Fill(i => i % 3 == 0);
        Rows = [.. Enumerable.Range(batchOffset, rows).Select(i => (d[i], n[i], text[i], code[i], flag[i]))];
        var schema = New<CSchema>();
        var array = New<CArray>();
        (Schema, Array) = ((nint)schema, (nint)array);
        *schema = new CSchema { Format = Text("+s"), Name = Text(""), ChildCount = 5, Children = (CSchema**)Memory(5 * sizeof(nint)), Release = &Nothing };
        *array = new CArray { Length = rows, Offset = batchOffset, BufferCount = 1, ChildCount = 5, Children = (CArray**)Memory(5 * sizeof(nint)), Buffers = Buffers(0), Release = &Nothing };
        Add(0, "d", "g", d.Select(v => v is not null), Values(d, v => v ?? -1e300));
        Add(1, "i", "i", n.Select(v => v is not null), Values(n, v => v ?? int.MinValue));
        var (offsets, data) = Strings(text, columnOffset, large);
        Add(2, "text", large ? "U" : "u", text.Select(v => v is not null), offsets, data);
        string?[] entries = ["c0", "c1", null, "c3", "c2"];
        Add(3, "code", "c", code.Select(v => v is not null), Values(code.Select(c => c is null ? (sbyte)-77 : (sbyte)System.Array.IndexOf(entries, c)).Cast<sbyte?>().ToArray(), v => v!.Value));
        var (dictionary, letters) = Strings(entries, 0, large);
        var kind = New<CSchema>();
        var held = New<CArray>();
        *kind = new CSchema { Format = Text(large ? "U" : "u"), Release = &Nothing };
        *held = new CArray { Length = entries.Length, NullCount = 1, BufferCount = 3, Buffers = Buffers(Bits(entries.Select(e => e is not null), 0), dictionary, letters), Release = &Nothing };
        schema->Children[3]->Dictionary = kind;
        array->Children[3]->Dictionary = held;
        Add(4, "flag", "b", flag.Select(v => v is not null), Bits(flag.Select(v => v ?? true), columnOffset));
    }

    public nint Schema { get; }

    public nint Array { get; }

    public IReadOnlyList<(double? D, int? I, string? Text, string? Code, bool? Flag)> Rows { get; }

    public CArray* Column(int at) => ((CArray*)Array)->Children[at];

    public void Format(int column, string format)
    {
        if (column < 0) ((CSchema*)Schema)->Format = Text(format);
        else ((CSchema*)Schema)->Children[column]->Format = Text(format);
    }

    T?[] Fill<T>(Func<int, T> value) where T : struct => [.. Enumerable.Range(0, total).Select(i => random.Next(5) == 0 ? (T?)null : value(i))];

    string?[] Texts(Func<int, string> value) => [.. Enumerable.Range(0, total).Select(i => random.Next(5) == 0 ? null : value(i))];

    void Add(int at, string name, string format, IEnumerable<bool> valid, params nint[] buffers)
    {
        var kind = New<CSchema>();
        var held = New<CArray>();
        *kind = new CSchema { Format = Text(format), Name = Text(name), Release = &Nothing };
        *held = new CArray { Length = total, Offset = columnOffset, NullCount = -1, BufferCount = buffers.Length + 1, Buffers = Buffers([Bits(valid, columnOffset), .. buffers]), Release = &Nothing };
        ((CSchema*)Schema)->Children[at] = kind;
        ((CArray*)Array)->Children[at] = held;
    }

    nint Values<TFrom, TTo>(TFrom?[] values, Func<TFrom?, TTo> write) where TFrom : struct where TTo : unmanaged
    {
        var memory = Memory(Room);
        for (var i = 0; i < values.Length; i++) ((TTo*)memory)[columnOffset + i] = write(values[i]);
        return memory;
    }

    nint Bits(IEnumerable<bool> values, int offset)
    {
        var memory = Memory(Room);
        var at = offset;
        foreach (var value in values)
        {
            var one = (byte*)memory + (at >> 3);
            *one = (byte)(value ? *one | 1 << (at & 7) : *one & ~(1 << (at & 7)));
            at++;
        }
        return memory;
    }

    (nint Offsets, nint Data) Strings(string?[] values, int offset, bool large)
    {
        var (offsets, data) = (Memory(Room), Memory(Room));
        long end = 3; // the first string need not begin at 0
        void Put(int at) { if (large) ((long*)offsets)[at] = end; else ((int*)offsets)[at] = (int)end; }
        for (var i = 0; i < offset; i++) Put(i);
        Put(offset);
        for (var i = 0; i < values.Length; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(values[i] ?? "never");
            bytes.CopyTo(new Span<byte>((byte*)data + end, bytes.Length));
            end += bytes.Length;
            Put(offset + i + 1);
        }
        return (offsets, data);
    }

    void** Buffers(params nint[] buffers)
    {
        var memory = (void**)Memory(buffers.Length * sizeof(nint));
        for (var i = 0; i < buffers.Length; i++) memory[i] = (void*)buffers[i];
        return memory;
    }

    T* New<T>() where T : unmanaged
    {
        var memory = (T*)Memory(sizeof(T));
        *memory = default;
        return memory;
    }

    byte* Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "\0");
        var memory = (byte*)Memory(bytes.Length);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return memory;
    }

    nint Memory(int bytes)
    {
        var memory = (nint)NativeMemory.Alloc((nuint)bytes);
        new Span<byte>((void*)memory, bytes).Fill(0xA5);
        owned.Add(memory);
        return memory;
    }

    [UnmanagedCallersOnly]
    static void Nothing(CSchema* _) { }

    [UnmanagedCallersOnly]
    static void Nothing(CArray* _) { }

    public void Dispose()
    {
        foreach (var memory in owned) NativeMemory.Free((void*)memory);
    }
}
