using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>
/// The names of an object's members and, learned from the records themselves, what usually stands between one member's value and the next one's:
/// <c>,"amount":</c> as one text, whatever the producer's blanks. A record that is like the ones before is read by comparing, without looking names up.
/// </summary>
sealed class Members(Utf8Map names, int count)
{
    /// <summary>Nothing: the object has just begun.</summary>
    public const int Start = -2;

    /// <summary>A member whose name is not known.</summary>
    public const int Unknown = -1;

    /// <summary>So often a successor may change its mind; then it is left as it is, so that no order of members makes it allocate for ever.</summary>
    const int Lessons = 8;

    const int LongestLiteral = 256;

    readonly Successor[] usual = new Successor[count - Start];
    readonly byte[] lessons = new byte[count - Start];

    /// <summary>What usually follows a member.</summary>
    public ref readonly Successor Usual(int after) => ref usual[after - Start];

    /// <summary>The number of a name, or <see cref="Unknown"/>; remembers how it was written here.</summary>
    public int Find(ReadOnlySpan<byte> name, int after, ReadOnlySpan<byte> literal)
    {
        var member = names.Find(name);
        ref var learned = ref lessons[after - Start];
        if (member >= 0 && after != Unknown && learned < Lessons && literal.Length <= LongestLiteral)
        {
            learned++;
            usual[after - Start] = new(literal, member);
        }
        return member;
    }

    /// <summary>A text and the member whose value follows it.</summary>
    public readonly unsafe struct Successor(ReadOnlySpan<byte> literal, int member)
    {
        readonly ulong head = Head(literal), mask = literal.Length >= 8 ? ulong.MaxValue : (1UL << 8 * literal.Length) - 1;
        readonly byte[] tail = literal[Math.Min(8, literal.Length)..].ToArray();

        public int Length { get; } = literal.Length;

        public int Member => member;

        /// <summary>Whether it stands here, eight bytes or more before the end; where nothing is known (length 0) never.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsAt(byte* at, byte* end) =>
            Length > 0 && end - at >= 8 && ((ExactDecimal.Eight(at) ^ head) & mask) == 0 && (Length <= 8 || TailIsAt(at + 8, end));

        bool TailIsAt(byte* at, byte* end) => end - at >= tail.Length && new ReadOnlySpan<byte>(at, tail.Length).SequenceEqual(tail);

        static ulong Head(ReadOnlySpan<byte> literal)
        {
            var head = 0UL;
            for (var i = Math.Min(8, literal.Length) - 1; i >= 0; i--) head = head << 8 | literal[i];
            return head;
        }
    }
}
