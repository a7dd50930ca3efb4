using System.Globalization;

namespace Drift.Alerts;

/// <summary>"n of m": how many of the last m windows that do not overlap must be breached.</summary>
/// <param name="Needed">n, at least 1.</param>
/// <param name="Of">m, at least n.</param>
public readonly record struct Quorum(int Needed, int Of)
{
    /// <summary>The largest m: a rule remembers that many windows of every alert.</summary>
    public const int Largest = 1000;

    /// <summary>Every breached window counts at once.</summary>
    public static Quorum AtOnce { get; } = new(1, 1);

    /// <summary>Reads <c>2 of 3</c>.</summary>
    public static bool TryParse(string? text, out Quorum quorum)
    {
        quorum = AtOnce;
        var parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var n, "of", var m]) return false;
        if (!int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var needed)) return false;
        if (!int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var of)) return false;
        if (needed < 1 || needed > of || of > Largest) return false;
        quorum = new Quorum(needed, of);
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"{Needed} of {Of}";
}
