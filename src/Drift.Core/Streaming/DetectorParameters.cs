using System.Globalization;

namespace Drift;

/// <summary>A detector's parameters as given, read once each; what nobody read is refused, never ignored.</summary>
sealed class DetectorParameters(string detector, IReadOnlyDictionary<string, string> given)
{
    readonly List<string> known = [];

    public double Number(string name, double absent, double least, double most)
    {
        known.Add(name);
        if (!given.TryGetValue(name, out var text)) return absent;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        throw new ArgumentException($"{detector}: {name} is '{text}' and must be a number {(least == double.Epsilon ? "above 0 and up to" : $"from {least:R} to")} {most:R}");
    }

    public int Whole(string name, int absent, int least, int most)
    {
        known.Add(name);
        if (!given.TryGetValue(name, out var text)) return absent;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        throw new ArgumentException($"{detector}: {name} is '{text}' and must be a whole number from {least} to {most}");
    }

    public bool Flag(string name)
    {
        known.Add(name);
        if (!given.TryGetValue(name, out var text)) return false;
        return text.ToLowerInvariant() switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new ArgumentException($"{detector}: {name} is '{text}' and must be true or false"),
        };
    }

    /// <summary>Which directions count.</summary>
    public (bool Up, bool Down) Mode(string absent)
    {
        known.Add("mode");
        var text = given.TryGetValue("mode", out var value) ? value : absent;
        return text switch
        {
            "both" => (true, true),
            "up" => (true, false),
            "down" => (false, true),
            _ => throw new ArgumentException($"{detector}: mode is '{text}' and must be both, up or down"),
        };
    }

    public void RefuseOthers()
    {
        foreach (var name in given.Keys)
            if (!known.Contains(name)) throw new ArgumentException($"{detector} has no parameter '{name}'; it has {string.Join(", ", known)}");
    }
}
