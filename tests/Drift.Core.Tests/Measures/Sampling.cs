namespace Drift.Core.Tests.Measures;

/// <summary>Seeded samples for the simulation tests.</summary>
static class Sampling
{
    public static double Normal(this Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double[] Normals(this Random random, int count, double shift = 0, double scale = 1)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = random.Normal() * scale + shift;
        return values;
    }

    public static int Poisson(this Random random, double mean)
    {
        double limit = Math.Exp(-mean), product = random.NextDouble();
        var count = 0;
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }

    public static int Binomial(this Random random, int trials, double p)
    {
        if (p > 0.5) return trials - random.Binomial(trials, 1 - p);
        var none = Math.Exp(trials * Math.Log(1 - p));
        if (p <= 0 || trials == 0) return 0;
        if (none < 1e-280) return (int)Math.Clamp(Math.Round(trials * p + Math.Sqrt(trials * p * (1 - p)) * random.Normal()), 0, trials); // close enough for counts this large
        // Inversion: walk up the distribution function.
        var (u, count, at, odds) = (random.NextDouble(), 0, none, p / (1 - p));
        while (u > at && count < trials)
        {
            u -= at;
            at *= odds * (trials - count) / (count + 1);
            count++;
        }
        return count;
    }

    public static long[] Multinomial(Random random, double[] p, int rows)
    {
        var counts = new long[p.Length];
        var (left, rest) = (rows, 1.0);
        for (var i = 0; i < p.Length - 1 && left > 0; i++)
        {
            var hit = random.Binomial(left, Math.Min(1, p[i] / rest));
            (counts[i], left, rest) = (hit, left - hit, rest - p[i]);
        }
        counts[^1] += left;
        return counts;
    }

}
