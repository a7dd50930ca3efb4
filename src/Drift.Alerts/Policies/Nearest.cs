namespace Drift.Alerts;

/// <summary>What a misspelt name was probably meant to be.</summary>
static class Nearest
{
    /// <summary>The nearest name when one is near, else all of them when they are few.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known)
    {
        var best = known.Select(k => (Name: k, Distance: Distance(name, k))).OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        if (best.Name is not null && best.Distance <= Math.Max(2, name.Length / 3)) return $"did you mean '{best.Name}'?";
        return known.Count is > 0 and <= 30 ? "known: " + string.Join(", ", known) : "no name is near it";
    }

    /// <summary>Edits between two names: insert, delete, replace, swap neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                rows[i, j] = Math.Min(replace, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
