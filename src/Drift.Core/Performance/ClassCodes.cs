using System.Globalization;

namespace Drift;

/// <summary>A column read as classes: a code per row into names, -1 for unknown. Numbers become their shortest text, so that 1 and 1.0 are one class.</summary>
sealed class ClassCodes
{
    ClassCodes(int[] codes, string[] names) => (Codes, Names) = (codes, names);

    public int[] Codes { get; }

    public string[] Names { get; }

    public string? this[int row] => Codes[row] < 0 ? null : Names[Codes[row]];

    public static ClassCodes Of(Column column)
    {
        if (column is CategoricalColumn categories) return new(categories.Codes.ToArray(), [.. categories.Dictionary]);
        var numbers = (NumericColumn)column;
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new int[numbers.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var value = numbers.Values.Span[i];
            if (numbers.IsNull(i) || double.IsNaN(value)) codes[i] = -1;
            else
            {
                // Adding 0 makes -0 the same class as 0.
                var name = (value + 0.0).ToString("R", CultureInfo.InvariantCulture);
                if (!index.TryGetValue(name, out codes[i])) index.Add(name, codes[i] = index.Count);
            }
        }
        return new(codes, [.. index.Keys]);
    }

    /// <summary>The names that occur, in the order of classes: by number when all are numbers, else ordinal.</summary>
    public static string[] Order(IEnumerable<string> names)
    {
        var distinct = names.Distinct(StringComparer.Ordinal).ToArray();
        return Array.TrueForAll(distinct, n => Number(n) is not null) ? [.. distinct.OrderBy(n => Number(n))] : [.. distinct.Order(StringComparer.Ordinal)];
    }

    public IEnumerable<string> Occurring() => Codes.Where(code => code >= 0).Distinct().Select(code => Names[code]);

    /// <summary>1 for the positive class, 0 for another, -1 for unknown.</summary>
    public sbyte[] Against(string positive)
    {
        var is1 = Array.ConvertAll(Names, name => Same(name, positive));
        return Array.ConvertAll(Codes, code => (sbyte)(code < 0 ? -1 : is1[code] ? 1 : 0));
    }

    /// <summary>Whether two names mean one class: the same text, the same number, or the same truth value.</summary>
    static bool Same(string a, string b) => Canonical(a) == Canonical(b);

    /// <summary>One name for all ways to write a class: 1 for true and yes, 0 for false and no, the shortest text of a number.</summary>
    public static string Canonical(string name) =>
        IsYes(name) ? "1"
        : name.Equals("false", StringComparison.OrdinalIgnoreCase) || name.Equals("no", StringComparison.OrdinalIgnoreCase) ? "0"
        : Number(name) is { } number ? (number + 0.0).ToString("R", CultureInfo.InvariantCulture) : name;

    public static bool IsYes(string name) =>
        name.Equals("true", StringComparison.OrdinalIgnoreCase) || name.Equals("yes", StringComparison.OrdinalIgnoreCase) || Number(name) == 1;

    static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
