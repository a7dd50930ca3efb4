using System.Text;

namespace Drift;

/// <summary>Counts the values of a column that its signature does not allow.</summary>
sealed class Signature
{
    readonly ColumnSpec spec;
    readonly HashSet<string>? allowed;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup;

    Signature(ColumnSpec spec)
    {
        this.spec = spec;
        if (spec.Kind != ColumnKind.Categorical || spec.Allowed is null) return;
        allowed = new(spec.Allowed, StringComparer.Ordinal);
        lookup = allowed.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Null where every value is allowed.</summary>
    public static Signature? Of(ColumnSpec spec) => spec.Forbids ? new(spec) : null;

    /// <summary>How many values were not allowed.</summary>
    public long Forbidden { get; set; }

    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<byte> validity, int offset)
    {
        for (var i = 0; i < values.Length; i++)
            if (spec.IsForbidden(values[i]) && Validity.IsValid(validity, offset + i)) Forbidden++;
    }

    public void Add(string category, long count = 1)
    {
        if (allowed?.Contains(category) == false) Forbidden += count;
    }

    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (allowed is null) return;
        const int Longest = 256;
        // A longer value than any allowed one need not be decoded.
        Span<char> text = stackalloc char[Longest];
        if (utf8.Length <= Longest ? !lookup.Contains(text[..Encoding.UTF8.GetChars(utf8, text)]) : !allowed.Contains(Encoding.UTF8.GetString(utf8))) Forbidden++;
    }
}
