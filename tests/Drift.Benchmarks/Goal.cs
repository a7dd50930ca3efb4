using System.Globalization;

namespace Drift.Benchmarks;

/// <summary>One row of the table: a ratio inside one process and what it must reach.</summary>
/// <param name="Text">What is compared with what.</param>
/// <param name="Limit">The least ratio, or the largest where <paramref name="AtMost"/>.</param>
/// <param name="AtMost">Whether less is better.</param>
/// <param name="Unit">What stands behind the number.</param>
sealed record Goal(string Text, double Limit, bool AtMost = false, string Unit = "x")
{
    public bool IsMetBy(double measured) => AtMost ? measured <= Limit : measured >= Limit;

    public string Required => (AtMost ? "<= " : "") + Format(Limit);

    public string Format(double value) => value.ToString(value is > -10 and < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + Unit;
}
