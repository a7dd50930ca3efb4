using System.Numerics;
using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>What a simple JSON value is.</summary>
enum JsonKind : byte
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>null.</summary>
    Null,

    /// <summary>true.</summary>
    True,

    /// <summary>false.</summary>
    False,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text without escapes.</summary>
    Text,
}

/// <summary>A simple JSON value and where it stands; a text without its quotes.</summary>
readonly unsafe struct JsonValue(JsonKind kind, byte* start, byte* end, double number = 0)
{
    public JsonKind Kind => kind;

    public double Number => number;

    /// <summary>The number or text as it stands in the message.</summary>
    public ReadOnlySpan<byte> Bytes => new(start, (int)(end - start));
}

/// <summary>
/// Steps through JSON that holds nothing unusual; on anything else it says no, and whoever asked leaves the message to the strict reader. The last byte
/// before <c>end</c> must be a closing brace: it ends every number, and no check for the end is needed within one.
/// </summary>
unsafe ref struct JsonCursor(byte* at, byte* end)
{
    /// <summary>The object has ended.</summary>
    public const int Closed = -3;

    /// <summary>Here stands something unusual.</summary>
    public const int Unusual = -4;

    byte* at = at;

    public readonly bool AtEnd => at == end;

    public readonly bool IsAt(byte wanted) => at < end && *at == wanted;

    public void Skip() => at++;

    /// <summary>Moves to the value of the next member and returns which one that is: its number, <see cref="Members.Unknown"/>, <see cref="Closed"/> or <see cref="Unusual"/>.</summary>
    /// <param name="members">The names.</param>
    /// <param name="after">The member before, or <see cref="Members.Start"/>.</param>
    public int Next(Members members, int after)
    {
        ref readonly var usual = ref members.Usual(after);
        if (!usual.IsAt(at, end)) return Spell(members, after);
        at += usual.Length;
        return usual.Member;
    }

    /// <summary>
    /// Reads numbers as long as each follows the usual text and is plain, far from the end: what most of most records is, in one loop without a call.
    /// Returns the last member read and how many there were.
    /// </summary>
    public int Numbers(Members members, int after, bool[] numeric, Span<double> values, Span<Cell> cells, ref int count)
    {
        var p = at;
        while (end - p > Members.Successor.Head + ExactDecimal.Window + 1)
        {
            ref readonly var usual = ref members.Usual(after);
            if (!usual.IsShortAt(p)) break;
            var next = p + usual.Length;
            var member = usual.Member;
            if (!numeric[member] || !ExactDecimal.TryQuick(ref next, out var value)) break;
            values[member] = value + 0.0; // -0.0 becomes 0.0
            cells[member] = Cell.Value;
            p = next;
            after = member;
            count++;
        }
        at = p;
        return after;
    }

    int Spell(Members members, int after)
    {
        var from = at;
        Blanks();
        if (at == end) return Unusual;
        if (*at == '}')
        {
            at++;
            return Closed;
        }
        if (after != Members.Start)
        {
            if (*at != ',') return Unusual;
            at++;
            Blanks();
        }
        if (!TryText(out var name)) return Unusual;
        Blanks();
        if (!IsAt((byte)':')) return Unusual;
        at++;
        Blanks();
        return members.Find(name, after, new ReadOnlySpan<byte>(from, (int)(at - from)));
    }

    /// <summary>Reads a number, a text without escapes, true, false or null.</summary>
    public bool TryValue(out JsonValue value)
    {
        value = default;
        if (at == end) return false;
        var start = at;
        switch (*at)
        {
            case (byte)'"':
                if (!TryText(out _)) return false;
                value = new(JsonKind.Text, start + 1, at - 1);
                return true;
            case (byte)'n': return TryWord("null"u8, JsonKind.Null, ref value);
            case (byte)'t': return TryWord("true"u8, JsonKind.True, ref value);
            case (byte)'f': return TryWord("false"u8, JsonKind.False, ref value);
            default:
                if (!ExactDecimal.TryRead(ref at, end, out var number)) return false;
                value = new(JsonKind.Number, start, at, number);
                return true;
        }
    }

    /// <summary>Reads a number where one stands; the quick way for a numeric column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNumber(out double value) => ExactDecimal.TryRead(ref at, end, out value);

    bool TryWord(ReadOnlySpan<byte> word, JsonKind kind, ref JsonValue value)
    {
        if (end - at < word.Length || !new ReadOnlySpan<byte>(at, word.Length).SequenceEqual(word)) return false;
        at += word.Length;
        value = new(kind, at, at);
        return true;
    }

    bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!IsAt((byte)'"')) return false;
        var start = at + 1;
        var p = start;
        for (var step = 8; step == 8 && end - p >= 8; p += step) step = Plain(ExactDecimal.Eight(p));
        while (p < end && *p != '"' && *p != '\\' && *p >= ' ') p++;
        if (p == end || *p != '"') return false;
        text = new(start, (int)(p - start));
        at = p + 1;
        return true;
    }

    /// <summary>How many of eight bytes stand before the first quote, backslash or control character.</summary>
    static int Plain(ulong bytes)
    {
        const ulong Ones = 0x0101_0101_0101_0101;
        var (quote, backslash) = (bytes ^ '"' * Ones, bytes ^ '\\' * Ones);
        // Of the bits that this sets, only those above the first one may be wrong.
        var found = (quote - Ones & ~quote | backslash - Ones & ~backslash | bytes - ' ' * Ones & ~bytes) & 0x80 * Ones;
        return BitOperations.TrailingZeroCount(found) >> 3;
    }

    void Blanks()
    {
        while (at < end && *at is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') at++;
    }

}
