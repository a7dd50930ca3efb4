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
        /// <summary>So much of a text is compared as one or two words.</summary>
        public const int Head = 16;

        readonly ulong first = Word(literal, 0), firstMask = Mask(literal.Length), second = Word(literal, 8), secondMask = Mask(literal.Length - 8);
        readonly byte[] tail = literal[Math.Min(Head, literal.Length)..].ToArray();

        public int Length { get; } = literal.Length;

        public int Member => member;

        /// <summary>Whether it stands here, <see cref="Head"/> bytes or more before the end; where nothing is known (length 0) never.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsAt(byte* at, byte* end) => Length > 0 && end - at >= Head && IsHeadAt(at) && (Length <= Head || TailIsAt(at + Head, end));

        /// <summary>The same for a text of at most <see cref="Head"/> bytes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsShortAt(byte* at) => Length is > 0 and <= Head && IsHeadAt(at);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        bool IsHeadAt(byte* at) => ((ExactDecimal.Eight(at) ^ first) & firstMask | (ExactDecimal.Eight(at + 8) ^ second) & secondMask) == 0;

        bool TailIsAt(byte* at, byte* end) => end - at >= tail.Length && new ReadOnlySpan<byte>(at, tail.Length).SequenceEqual(tail);

        static ulong Mask(int length) => length >= 8 ? ulong.MaxValue : length <= 0 ? 0 : (1UL << 8 * length) - 1;

        static ulong Word(ReadOnlySpan<byte> literal, int from)
        {
            var word = 0UL;
            for (var i = Math.Min(from + 8, literal.Length) - 1; i >= from; i--) word = word << 8 | literal[i];
            return word;
        }
    }
}
