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

    readonly (byte[] Literal, int Member)[] usual = [.. Enumerable.Repeat((Array.Empty<byte>(), Unknown), count - Start)];
    readonly byte[] lessons = new byte[count - Start];

    /// <summary>What usually follows a member; an empty text where nothing is known.</summary>
    public ref readonly (byte[] Literal, int Member) Usual(int after) => ref usual[after - Start];

    /// <summary>The number of a name, or <see cref="Unknown"/>; remembers how it was written here.</summary>
    public int Find(ReadOnlySpan<byte> name, int after, ReadOnlySpan<byte> literal)
    {
        var member = names.Find(name);
        ref var learned = ref lessons[after - Start];
        if (member >= 0 && after != Unknown && learned < Lessons && literal.Length <= LongestLiteral)
        {
            learned++;
            usual[after - Start] = (literal.ToArray(), member);
        }
        return member;
    }
}
