namespace Drift.Alerts;

/// <summary>A list of patterns of which one must match the whole text. <c>*</c> stands for any run of characters, <c>?</c> for one; ordinal, case-sensitive.</summary>
public sealed class Globs : IEquatable<Globs>
{
    readonly string[] patterns;
    readonly bool all;

    /// <summary>Patterns in the order given.</summary>
    public IReadOnlyList<string> Patterns => patterns;

    /// <summary>Matches every text, the empty one included.</summary>
    public static Globs All { get; } = new(["*"]);

    /// <summary>Creates a matcher of the given patterns; no pattern matches nothing.</summary>
    public Globs(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        this.patterns = [.. patterns];
        all = this.patterns.Contains("*");
    }

    /// <summary>Whether a pattern matches the whole text.</summary>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (all) return true;
        foreach (var pattern in patterns)
            if (Match(pattern, text)) return true;
        return false;
    }

    /// <summary>One pattern against one text, in time proportional to the product of their lengths at worst.</summary>
    internal static bool Match(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more; earlier stars never need to be revisited.
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }
        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    /// <inheritdoc/>
    public bool Equals(Globs? other) => other is not null && patterns.AsSpan().SequenceEqual(other.patterns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Globs);

    /// <inheritdoc/>
    public override int GetHashCode() => patterns.Length == 0 ? 0 : HashCode.Combine(patterns.Length, patterns[0]);

    /// <summary>The patterns, separated by commas.</summary>
    public override string ToString() => string.Join(",", patterns);
}
