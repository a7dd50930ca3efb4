using MathNet.Numerics.LinearAlgebra;

namespace Drift;

/// <summary>How well the reference's main directions still describe the rows: the measure <c>reconstruction_error</c>.</summary>
/// <remarks>
/// Every compared column becomes one number: numbers as they are, a category as the reference's count of it (0 for one that it never saw); a null, a NaN or an infinity stands at the mean of a
/// number, and is a category of its own. All are standardised by the reference (mean, deviation with ddof 0). The principal components that explain 65 % of the reference's variance are kept, and the error of a row is
/// the Euclidean distance between it and its projection onto them; the measure is the mean over the rows. Range 0 to infinity, in standard deviations. It sees that columns stopped moving together while each
/// of them alone looks as before. Limits: mean and 3 deviations of the reference's own chunks, widened by the sampling error for fewer rows than a chunk has; both sides, because a falling error is a change too. It has no
/// p-value. NaN without a row or without a column that varies in the reference. Source: NannyML's data reconstruction (0.13), whose numbers it gives.
/// </remarks>
public sealed class Projection
{
    internal const string Name = "reconstruction_error";

    /// <summary>The share of the reference's variance that the kept components explain.</summary>
    public const double Explained = 0.65;

    internal Projection(IReadOnlyList<ProjectionColumn> columns, double[][] components, ChunkBaseline baseline, double chunkRows) =>
        (Columns, Components, Baseline, ChunkRows) = (columns, components, baseline, chunkRows);

    internal IReadOnlyList<ProjectionColumn> Columns { get; }

    internal double[][] Components { get; }

    /// <summary>What is ordinary: the error over the reference's own chunks.</summary>
    public ChunkBaseline Baseline { get; }

    /// <summary>The rows of a chunk of the reference, on average.</summary>
    public double ChunkRows { get; }

    /// <summary>Learns from a reference.</summary>
    /// <param name="reference">The reference's rows.</param>
    /// <param name="chunks">Its chunks; ten of equal size when null.</param>
    /// <returns>Null where no compared column varies.</returns>
    public static Projection? Fit(Table reference, IReadOnlyList<Chunk>? chunks = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var columns = reference.Columns.Where(column => column.Spec.IsCompared).Select(ProjectionColumn.Of).OfType<ProjectionColumn>().ToArray();
        if (columns.Length == 0) return null;
        var rows = Array.ConvertAll(columns, column => column.Encode(reference.Find(column.Name), reference.Rows));
        var bare = new Projection(columns, Principal(rows), new(Name, null, double.NaN, double.NaN, 0), 0);
        var errors = bare.Errors(rows);
        chunks ??= Chunk.ByCount(reference.Rows, 10);
        double[] means = [.. chunks.Select(chunk => Moments.Of(Array.ConvertAll(chunk.Rows.ToArray(), row => errors[row])).Mean)];
        var whole = Moments.Of(errors);
        var baseline = ChunkBaseline.Of(Name, null, means) with { Reference = whole.Mean, ErrorPerRow = whole.StandardDeviation };
        return new(columns, bare.Components, baseline, chunks.Count == 0 ? 0 : chunks.Average(chunk => (double)chunk.Rows.Length));
    }

    /// <summary>The mean error of some rows; NaN without a row. A column that is missing counts as nulls.</summary>
    public double Error(Table rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Rows == 0 ? double.NaN : Moments.Of(Errors([.. Columns.Select(column => column.Encode(rows.Find(column.Name), rows.Rows))])).Mean;
    }

    internal static Reading Read(Comparison.Side reference, Table? current, CompareOptions options)
    {
        var reading = new Reading { Measure = Name, Segment = options.Segment, Kind = ReadingKind.Drift, Rows = current?.Rows ?? 0 };
        Reading Without(string reason) => reading with { Status = ReadingStatus.NotApplicable, Detail = new() { Reason = reason } };
        if (current is null) return Without("needs the rows of the current side; a profile keeps only counts");
        var projection = reference.Rows is { } rows
            ? Fit(options.Columns is { } named ? new(rows.Columns.Where(column => named.Contains(column.Spec.Name))) : rows)
            : ProjectionFormat.Read(reference.Profile);
        if (projection is null) return Without(reference.Rows is null ? "the reference's profile holds no projection: make it with --projection" : "no compared column of the reference varies");
        var value = projection.Error(current);
        if (double.IsNaN(value)) return Without("the current side has no rows");
        var limits = projection.Baseline.ForRows(current.Rows, projection.ChunkRows);
        return reading with
        {
            Value = value,
            ReferenceValue = limits.Reference,
            Verdict = limits.Chunks == 0 ? Verdict.None : limits.IsOutside(value) ? Verdict.Warning : Verdict.Ok,
            Detail = new()
            {
                Numbers =
                [
                    new("threshold_lower", limits.Lower), new("threshold_upper", limits.Upper), new("sampling_error", limits.ErrorPerRow / Math.Sqrt(current.Rows)),
                    new("components", projection.Components.Length), .. limits.FewChunks ? [new("few_chunks", limits.Chunks)] : Array.Empty<KeyValuePair<string, double>>(),
                ],
            },
        };
    }

    /// <summary>The directions of the most variance, as many as explain <see cref="Explained"/> of it.</summary>
    static double[][] Principal(double[][] rows)
    {
        var size = rows.Length;
        var covariance = Matrix<double>.Build.Dense(size, size);
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                covariance[i, j] = covariance[j, i] = System.Numerics.Tensors.TensorPrimitives.Dot(rows[i], rows[j]) / rows[i].Length;
        var found = covariance.Evd(Symmetricity.Symmetric);
        var order = Enumerable.Range(0, size).OrderByDescending(i => found.EigenValues[i].Real).ToArray();
        double all = order.Sum(i => Math.Max(0, found.EigenValues[i].Real)), sum = 0;
        var kept = new List<double[]>();
        foreach (var i in order)
        {
            kept.Add(found.EigenVectors.Column(i).ToArray());
            if ((sum += found.EigenValues[i].Real) > Explained * all) break;
        }
        return [.. kept];
    }

    double[] Errors(double[][] rows)
    {
        var errors = new double[rows[0].Length];
        double[] at = new double[rows.Length], rest = new double[rows.Length];
        for (var row = 0; row < errors.Length; row++)
        {
            for (var i = 0; i < at.Length; i++) rest[i] = at[i] = rows[i][row];
            foreach (var direction in Components)
            {
                var along = System.Numerics.Tensors.TensorPrimitives.Dot<double>(direction, at);
                for (var i = 0; i < rest.Length; i++) rest[i] -= along * direction[i];
            }
            errors[row] = System.Numerics.Tensors.TensorPrimitives.Norm<double>(rest);
        }
        return errors;
    }
}
