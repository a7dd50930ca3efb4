namespace Drift.Worker.Sources.Files.Arrow;

/// <summary>The Arrow types that a column of a model can have; nested ones, decimals and binaries are none of them.</summary>
enum ArrowType
{
    Null,
    Int,
    Float,
    Text,
    Bool,
    Date,
    Timestamp,
}

/// <summary>A field of an Arrow schema.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">Its type; of a dictionary-encoded column that of the dictionary.</param>
/// <param name="Bits">Bits of a number; of a text its offsets'.</param>
/// <param name="Signed">Whether a whole number has a sign.</param>
/// <param name="TicksPerUnit">Of a date or a timestamp; 0 stands for nanoseconds, a hundredth of a tick.</param>
/// <param name="Dictionary">The dictionary's id; null for plain values.</param>
/// <param name="IndexBits">Bits of an index into the dictionary.</param>
/// <param name="IndexSigned">Whether the index has a sign.</param>
sealed record ArrowField(string Name, ArrowType Type, int Bits, bool Signed, long TicksPerUnit, long? Dictionary, int IndexBits, bool IndexSigned)
{
    public static ArrowField Read(FlatTable field)
    {
        var name = field.Text(0);
        if (field.Count(5, 4) > 0) throw new FormatException($"column '{name}' is nested; only flat columns are read");
        var (type, bits, signed, ticks) = TypeOf(name, field);
        if (!field.Has(4)) return new(name, type, bits, signed, ticks, null, 0, true);
        if (type != ArrowType.Text) throw new FormatException($"column '{name}' is a dictionary of something else than text");
        var encoding = field.Table(4);
        var (indexBits, indexSigned) = encoding.Has(1) ? (encoding.Table(1).Int(0), encoding.Table(1).Byte(1) != 0) : (32, true);
        return new(name, type, bits, signed, ticks, encoding.Long(0), Checked(name, indexBits), indexSigned);
    }

    static (ArrowType Type, int Bits, bool Signed, long Ticks) TypeOf(string name, FlatTable field)
    {
        var id = field.Byte(2);
        if (id == 1) return (ArrowType.Null, 0, false, 0);
        var type = field.Table(3);
        return id switch
        {
            2 => (ArrowType.Int, Checked(name, type.Int(0)), type.Byte(1) != 0, 0),
            3 => (ArrowType.Float, type.Short(0) switch { 0 => 16, 1 => 32, 2 => 64, _ => throw new FormatException($"column '{name}': no such precision") }, true, 0),
            5 => (ArrowType.Text, 32, true, 0),
            20 => (ArrowType.Text, 64, true, 0),
            6 => (ArrowType.Bool, 1, false, 0),
            8 => type.Short(0, 1) == 0 ? (ArrowType.Date, 32, true, TimeSpan.TicksPerDay) : (ArrowType.Date, 64, true, TimeSpan.TicksPerMillisecond),
            10 => (ArrowType.Timestamp, 64, true, type.Short(0) switch { 0 => TimeSpan.TicksPerSecond, 1 => TimeSpan.TicksPerMillisecond, 2 => TimeSpan.TicksPerMicrosecond, 3 => 0, _ => throw new FormatException($"column '{name}': no such unit of time") }),
            _ => throw new FormatException($"column '{name}' has the Arrow type {Called(id)}; int, float, utf8, bool, date and timestamp are read"),
        };
    }

    static int Checked(string name, int bits) => bits is 8 or 16 or 32 or 64 ? bits : throw new FormatException($"column '{name}': {bits} bits");

    static string Called(byte id) => id switch { 4 => "binary", 7 => "decimal", 9 => "time", 11 => "interval", 12 => "list", 13 => "struct", 14 => "union", 18 => "duration", 23 or 24 => "view", _ => $"number {id}" };
}
