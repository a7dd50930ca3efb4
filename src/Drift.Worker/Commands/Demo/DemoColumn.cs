namespace Drift.Worker.Commands.Demo;

/// <summary>A cell of the demo's traffic: a number, a text, or nothing.</summary>
readonly record struct DemoCell(double Number, string? Text, bool IsNull)
{
    public static DemoCell Of(double number) => new(number, null, false);

    public static DemoCell Of(string text) => new(0, text, false);

    public static DemoCell Null => new(0, null, true);
}

/// <summary>What the applicant behind one record is like, before any column shows it.</summary>
readonly record struct DemoPerson(double Risk, DateTimeOffset At)
{
    /// <summary>The chance that the credit fails; the score knows it but for some noise.</summary>
    public double Default => 1 / (1 + Math.Exp(1.4 - .9 * Risk));
}

/// <summary>One column of the demo's model.</summary>
/// <param name="Spec">Its name, kind and role.</param>
/// <param name="Draw">A cell; the last argument says whether the column has drifted.</param>
/// <param name="Change">What its drift is, in words; null: it never drifts.</param>
sealed record DemoColumn(ColumnSpec Spec, Func<Random, DemoPerson, bool, DemoCell> Draw, string? Change)
{
    public string Name => Spec.Name;
}

/// <summary>
/// The inputs and the score of a credit service. The shapes are those that make monitoring hard: heavy tails, zeros with a tail, discrete values, two
/// modes, nulls, NaN, constants, an open vocabulary. The score never drifts and depends on nothing that does: a drifted column moves nothing else, and the
/// model goes on answering as well as it did.
/// </summary>
static class DemoColumns
{
    static readonly (string, double)[] countries = [("DE", .34), ("FR", .2), ("IT", .14), ("ES", .12), ("NL", .08), ("PL", .06), ("AT", .04), ("PT", .02)];
    static readonly (string, double)[] movedCountries = [("DE", .14), ("FR", .12), ("IT", .1), ("ES", .1), ("NL", .1), ("PL", .3), ("AT", .08), ("PT", .06)];
    static readonly (string, double)[] channels = [("web", .55), ("app", .35), ("partner", .1)];
    static readonly (string, double)[] movedChannels = [("web", .3), ("app", .2), ("partner", .5)];
    static readonly (string, double)[] domains = [("gmail.com", .4), ("gmx.de", .15), ("web.de", .12), ("outlook.com", .12), ("free.fr", .08), ("libero.it", .07), ("orange.fr", .06)];

    public static IReadOnlyList<DemoColumn> All { get; } =
    [
        Number("amount", (r, _, d) => Math.Round(Math.Exp(3.6 + .8 * Normal(r)) * (d ? 1.9 : 1), 2), "amounts 1.9 times as large"),
        new(ColumnSpec.Numeric("age"), (r, _, d) => r.NextDouble() < (d ? .3 : .03) ? DemoCell.Null : DemoCell.Of(Math.Clamp(Math.Round(41 + 13 * Normal(r)), 18, 95)), "missing in 30 % instead of 3 %"),
        Number("income", (r, _, d) => 100 * Math.Round(Math.Exp(5.7 + .5 * Normal(r))) / (d ? 1000 : 1), "sent in thousands"),
        Number("utilisation", (r, p, _) => Math.Round(1 / (1 + Math.Exp(-p.Risk - .6 * Normal(r))), 3), null),
        Number("late_payments", (r, _, d) => r.NextDouble() < (d ? .5 : .8) ? 0 : 1 + Poisson(r, 1.2), "half of all have some instead of a fifth"),
        Number("chargeback_sum", (r, _, d) => r.NextDouble() < (d ? .65 : .92) ? 0 : Math.Round(Exponential(r, 50), 2), "not zero in 35 % instead of 8 %"),
        Number("account_days", (r, p, _) => Math.Floor(Exponential(r, 900 * Math.Exp(-.3 * p.Risk))), null),
        Number("hour", (_, p, _) => p.At.Hour, null),
        Number("device_trust", (r, _, d) => Math.Round(Math.Clamp(r.NextDouble() < (d ? .35 : .7) ? .8 + .08 * Normal(r) : .3 + .1 * Normal(r), 0, 1), 3), "the mode at 0.3 takes over"),
        new(ColumnSpec.Numeric("session_seconds"), (r, _, d) => DemoCell.Of(r.NextDouble() < (d ? .25 : .01) ? double.NaN : Math.Round(Exponential(r, 60) + Exponential(r, 60), 1)), "NaN in 25 % instead of 1 %"),
        Number("api_version", (r, _, d) => d && r.NextDouble() < .6 ? 3 : 2, "a constant that is not one any more"),
        Category("country", (r, _, d) => Pick(r, d ? movedCountries : countries), "Poland from 6 % to 30 %"),
        Category("channel", (r, _, d) => Pick(r, d ? movedChannels : channels), "partners from 10 % to 50 %"),
        Category("currency", (r, _, d) => d && r.NextDouble() < .4 ? "GBP" : "EUR", "a second currency"),
        new(ColumnSpec.Categorical("email_domain"), (r, _, _) => r.NextDouble() < .05 ? DemoCell.Null : DemoCell.Of(Pick(r, domains)), null),
        Category("merchant", (r, _, d) => d && r.NextDouble() < .35 ? $"new-{r.Next(100_000)}" : $"m-{Zipf(r, 4000)}", "35 % of it names never seen before"),
        new(ColumnSpec.Categorical("new_customer") with { Type = ColumnType.Bool }, (r, _, _) => DemoCell.Of(r.NextDouble() < .22 ? "true" : "false"), null),
        new(ColumnSpec.Numeric("score", ColumnRole.Prediction), (r, p, _) => DemoCell.Of(Math.Round(1 / (1 + Math.Exp(1.4 - .9 * p.Risk - .3 * Normal(r))), 4)), null),
    ];

    static DemoColumn Number(string name, Func<Random, DemoPerson, bool, double> draw, string? change) => new(ColumnSpec.Numeric(name), (r, p, d) => DemoCell.Of(draw(r, p, d)), change);

    static DemoColumn Category(string name, Func<Random, DemoPerson, bool, string> draw, string? change) => new(ColumnSpec.Categorical(name), (r, p, d) => DemoCell.Of(draw(r, p, d)), change);

    /// <summary>Box and Muller's normal variate.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    static int Poisson(Random random, double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }

    /// <summary>A rank with probability about 1/rank up to a limit: a few merchants are everywhere, most are rare.</summary>
    static int Zipf(Random random, int limit) => (int)Math.Exp(random.NextDouble() * Math.Log(limit));

    static string Pick(Random random, (string Name, double Share)[] choices)
    {
        var at = random.NextDouble();
        foreach (var (name, share) in choices)
            if ((at -= share) < 0) return name;
        return choices[^1].Name;
    }
}
