namespace Drift;

/// <summary>Can a model tell the reference's rows from the current ones? The measure <c>domain_auc</c>.</summary>
/// <remarks>
/// Logistic regression with an L2 penalty of 1 on standardised numbers, frequent categories and missing-cell indicators, cross-validated in seeded folds: the area under the ROC curve of the
/// out-of-fold scores. Range 0 to 1; about 0.5 when nothing a linear model sees has changed (a little under, because folds are left out), 1 when the sides are apart. It sees shifts of many columns
/// together that each column alone hides, but no change of dependence that leaves all means alone. Threshold in use elsewhere: 0.55 to 0.65 (NannyML: 3 deviations over the reference's chunks). No
/// p-value of its own. Rows beyond the limit are left out by a seeded draw. NaN when a side has fewer rows than folds or nothing can be encoded.
/// </remarks>
public static class DomainClassifier
{
    /// <summary>The rows per side that are used.</summary>
    public const int MostRows = 2000;

    internal const string Name = "domain_auc";

    const int Folds = 5;
    const double Penalty = 1;
    const int MostSteps = 25;

    /// <summary>The cross-validated area under the ROC curve of telling current rows from reference rows.</summary>
    /// <param name="reference">The reference's rows.</param>
    /// <param name="current">The current rows; columns that only one side has take no part.</param>
    /// <param name="seed">The same seed gives the same value.</param>
    public static double Auc(Table reference, Table current, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        var random = new SeededRandom(seed);
        var matrix = DesignMatrix.Of(reference, current, MostRows, ref random);
        int n = matrix.Reference, m = matrix.Rows - n;
        if (n < Folds || m < Folds || matrix.Columns == 0) return double.NaN;
        // The rows were drawn in random order: every fifth one of a side is a fold.
        int Fold(int row) => (row < n ? row : row - n) % Folds;
        double[] before = new double[n], now = new double[m], values = new double[matrix.Columns + 1];
        for (var fold = 0; fold < Folds; fold++)
        {
            var weights = Fit(matrix, row => Fold(row) != fold);
            for (var row = 0; row < matrix.Rows; row++)
            {
                if (Fold(row) != fold) continue;
                matrix.Copy(row, values);
                (row < n ? before : now)[row < n ? row : row - n] = Dot(weights, values);
            }
        }
        return MannWhitney.Test(now, before, method: PValueMethod.Asymptotic).Statistic / ((double)n * m);
    }

    /// <summary>The reading of a whole window: never made unless named, and only where both sides' rows are at hand.</summary>
    internal static Reading Read(Table? reference, Table? current, CompareOptions options)
    {
        var reading = new Reading { Measure = Name, Segment = options.Segment, Kind = ReadingKind.Drift, Rows = current?.Rows ?? 0 };
        Reading Without(string reason) => reading with { Status = ReadingStatus.NotApplicable, Detail = new() { Reason = reason } };
        if (reference is null || current is null) return Without("needs the rows of both sides; a profile keeps only counts");
        var named = options.Columns;
        Table Only(Table table) => named is null ? table : new(table.Columns.Where(c => named.Contains(c.Spec.Name)));
        var auc = Auc(Only(reference), Only(current));
        return double.IsNaN(auc) ? Without("a side has too few rows, or no column varies") : reading with { Value = auc };
    }

    // Newton's method; the penalty keeps every step solvable, also where the sides are separable.
    static double[] Fit(DesignMatrix matrix, Func<int, bool> isIn)
    {
        var size = matrix.Columns + 1;
        double[] weights = new double[size], gradient = new double[size], hessian = new double[size * size], values = new double[size];
        for (var step = 0; step < MostSteps; step++)
        {
            for (var i = 0; i < size; i++) gradient[i] = i == 0 ? 0 : -Penalty * weights[i];
            Array.Clear(hessian);
            for (var i = 0; i < size; i++) hessian[i * size + i] = i == 0 ? 1e-9 : Penalty;
            for (var row = 0; row < matrix.Rows; row++)
            {
                if (!isIn(row)) continue;
                matrix.Copy(row, values);
                var p = 1 / (1 + Math.Exp(-Dot(weights, values)));
                var miss = (row < matrix.Reference ? 0 : 1) - p;
                var curvature = Math.Max(p * (1 - p), 1e-12);
                for (var i = 0; i < size; i++)
                {
                    gradient[i] += miss * values[i];
                    if (values[i] == 0) continue;
                    var factor = curvature * values[i];
                    for (var j = 0; j <= i; j++) hessian[i * size + j] += factor * values[j];
                }
            }
            Solve(hessian, gradient, size);
            var largest = 0.0;
            for (var i = 0; i < size; i++)
            {
                weights[i] += gradient[i];
                largest = Math.Max(largest, Math.Abs(gradient[i]));
            }
            if (largest < 1e-6) break;
        }
        return weights;
    }

    static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // Cholesky on the lower triangle; the solution replaces the right-hand side.
    static void Solve(double[] a, double[] b, int size)
    {
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i * size + j];
                for (var k = 0; k < j; k++) sum -= a[i * size + k] * a[j * size + k];
                a[i * size + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / a[j * size + j];
            }
        }
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++) b[i] -= a[i * size + k] * b[k];
            b[i] /= a[i * size + i];
        }
        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++) b[i] -= a[k * size + i] * b[k];
            b[i] /= a[i * size + i];
        }
    }
}
