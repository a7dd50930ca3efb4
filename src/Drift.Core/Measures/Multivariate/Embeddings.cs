namespace Drift;

/// <summary>One vector per row that stands in several numeric columns, for example <c>emb_0</c>, <c>emb_1</c>, ..</summary>
/// <param name="Name">What readings call it.</param>
/// <param name="Prefix">What its columns' names begin with; the rest is the number of the component.</param>
public sealed record VectorColumn(string Name, string Prefix)
{
    /// <summary>Whether a column is a component.</summary>
    internal bool Has(string column) => column.Length > Prefix.Length && column.StartsWith(Prefix, StringComparison.Ordinal) && column.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}

/// <summary>Vectors of fixed length, such as embeddings, which have no cells: compared by <c>mmd</c>, <c>mean_distance</c> and <c>domain_auc</c>.</summary>
/// <remarks>
/// Rows with a null, a NaN or an infinity in any component are left out, and counted in the detail. <c>mmd</c> (<see cref="MaximumMeanDiscrepancy"/>, with its p-value) sees any difference; <c>mean_distance</c>, the Euclidean
/// distance of the two means in units of the vector, sees a shift and tells its size; <c>domain_auc</c> (<see cref="DomainClassifier"/>) how well a linear model tells the sides apart. More than
/// <see cref="MostComponents"/> components are projected at random, seeded, onto so many for the last one, which keeps distances between rows (Johnson and Lindenstrauss 1984). No default threshold: verdicts are left to
/// <see cref="CompareOptions.Threshold"/>'s constant and to policies.
/// </remarks>
public static class Embeddings
{
    /// <summary>The components that the classifier sees.</summary>
    public const int MostComponents = 64;

    /// <summary>The distance of the two means, Euclidean; NaN when a side has no row.</summary>
    /// <param name="reference">The reference's vectors, one after the other.</param>
    /// <param name="current">The current ones.</param>
    /// <param name="components">The length of a vector.</param>
    /// <exception cref="ArgumentException">A length is no multiple of the components.</exception>
    public static double MeanDistance(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int components)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        if (reference.Length % components != 0 || current.Length % components != 0) throw new ArgumentException($"both samples must hold whole vectors of {components} values", nameof(components));
        if (reference.IsEmpty || current.IsEmpty) return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < components; i++)
        {
            var difference = Mean(reference, i, components) - Mean(current, i, components);
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }

    internal static IEnumerable<Reading> Read(VectorColumn vector, Table? reference, Table? current, CompareOptions options)
    {
        Reading Reading(string measure) => new() { Measure = measure, Column = vector.Name, Segment = options.Segment, Kind = ReadingKind.Drift };
        Reading Without(string reason) => Reading("mmd") with { Status = ReadingStatus.NotApplicable, Detail = new() { Reason = reason } };
        if (reference is null || current is null) return [Without("needs the rows of both sides; a profile keeps only counts")];
        NumericColumn[] before = Components(vector, reference), now = Components(vector, current);
        if (!before.Select(c => c.Spec.Name).SequenceEqual(now.Select(c => c.Spec.Name), StringComparer.Ordinal))
            return [Reading("violation_rate") with { Kind = ReadingKind.Quality, Value = 1, ReferenceValue = 0, Rows = current.Rows, Verdict = Verdict.Critical, Detail = new() { Reason = $"the reference's vectors have {before.Length} components, the current side's {now.Length}, or others" } }];
        if (before.Length == 0) return [Without($"neither side has a numeric column '{vector.Prefix}' with a number behind it")];
        double[] x = Rows(before), y = Rows(now);
        long n = x.Length / before.Length, m = y.Length / now.Length;
        if (n < 10 || m < 10) return [Without($"needs 10 whole vectors a side, has {n} and {m}")];
        var mmd = MaximumMeanDiscrepancy.Test(x, y, before.Length);
        var detail = new ReadingDetail { Numbers = [new("components", before.Length), new("reference_rows", n), new("left_out", reference.Rows - n + current.Rows - m)] };
        (string Measure, double Value, double? P)[] values = [("mmd", mmd.Statistic, mmd.PValue), ("mean_distance", MeanDistance(x, y, before.Length), null), (DomainClassifier.Name, Auc(x, y, before.Length), null)];
        return values.Select(value => Reading(value.Measure) with
        {
            Value = value.Value,
            PValue = value.P,
            Rows = m,
            Status = double.IsNaN(value.Value) ? ReadingStatus.NotApplicable : ReadingStatus.Ok,
            Verdict = options.Threshold.Value is not { } limit || double.IsNaN(value.Value) ? Verdict.None : value.Value > limit ? Verdict.Warning : Verdict.Ok,
            Detail = double.IsNaN(value.Value) ? detail with { Reason = "no component varies, or sums overflow" } : detail,
        });
    }

    static double Auc(double[] x, double[] y, int components)
    {
        var kept = Math.Min(components, MostComponents);
        Table Side(double[] rows, double[]? projection) => new(Enumerable.Range(0, kept).Select(k => new NumericColumn(ColumnSpec.Numeric($"v{k}"), Component(rows, components, k, projection))));
        if (components <= MostComponents) return DomainClassifier.Auc(Side(x, null), Side(y, null));
        var random = new SeededRandom(1);
        var directions = new double[kept * components];
        for (var i = 0; i < directions.Length; i++) directions[i] = random.NextNormal();
        return DomainClassifier.Auc(Side(x, directions), Side(y, directions));
    }

    static double[] Component(double[] rows, int components, int k, double[]? projection)
    {
        var values = new double[rows.Length / components];
        for (var row = 0; row < values.Length; row++)
            values[row] = projection is null ? rows[row * components + k] : System.Numerics.Tensors.TensorPrimitives.Dot<double>(rows.AsSpan(row * components, components), projection.AsSpan(k * components, components));
        return values;
    }

    static NumericColumn[] Components(VectorColumn vector, Table table) =>
        [.. table.Columns.OfType<NumericColumn>().Where(column => vector.Has(column.Spec.Name)).OrderBy(column => column.Spec.Name.Length).ThenBy(column => column.Spec.Name, StringComparer.Ordinal)];

    /// <summary>The rows whose components are all finite, one after the other.</summary>
    static double[] Rows(NumericColumn[] components)
    {
        var rows = new double[components[0].Length * components.Length];
        var at = 0;
        for (var row = 0; row < components[0].Length; row++)
        {
            var whole = true;
            for (var i = 0; i < components.Length && whole; i++)
            {
                rows[at + i] = components[i].Values.Span[row];
                whole = !components[i].IsNull(row) && double.IsFinite(rows[at + i]);
            }
            if (whole) at += components.Length;
        }
        return rows[..at];
    }

    static double Mean(ReadOnlySpan<double> rows, int component, int components)
    {
        var sum = new CompensatedSum();
        for (var i = component; i < rows.Length; i += components) sum.Add(rows[i]);
        return sum.Value / (rows.Length / components);
    }
}
