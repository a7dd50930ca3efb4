namespace Drift;

/// <summary>Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations: short, and accurate for tiny eigenvalues too.</summary>
static class SymmetricEigen
{
    /// <summary>Leaves the eigenvalues on the diagonal of <paramref name="a"/> and the vectors in the columns of <paramref name="vectors"/> (both row by row).</summary>
    public static void Decompose(Span<double> a, Span<double> vectors, int size)
    {
        vectors.Clear();
        for (var i = 0; i < size; i++) vectors[i * size + i] = 1;
        for (var sweep = 0; sweep < 60; sweep++)
        {
            var rotated = false;
            for (var p = 0; p < size; p++)
                for (var q = p + 1; q < size; q++)
                {
                    var off = a[p * size + q];
                    if (Math.Abs(off) <= 1e-18 * Math.Sqrt(Math.Abs(a[p * size + p] * a[q * size + q])) || off == 0) continue;
                    rotated = true;
                    Rotate(a, vectors, size, p, q, off);
                }
            if (!rotated) return;
        }
    }

    static void Rotate(Span<double> a, Span<double> vectors, int size, int p, int q, double off)
    {
        var theta = (a[q * size + q] - a[p * size + p]) / (2 * off);
        var t = double.IsInfinity(theta * theta) ? 1 / (2 * theta) : Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        a[p * size + p] -= t * off;
        a[q * size + q] += t * off;
        a[p * size + q] = a[q * size + p] = 0;
        for (var i = 0; i < size; i++)
        {
            if (i != p && i != q)
            {
                double ip = a[i * size + p], iq = a[i * size + q];
                a[i * size + p] = a[p * size + i] = c * ip - s * iq;
                a[i * size + q] = a[q * size + i] = s * ip + c * iq;
            }
            double vp = vectors[i * size + p], vq = vectors[i * size + q];
            vectors[i * size + p] = c * vp - s * vq;
            vectors[i * size + q] = s * vp + c * vq;
        }
    }
}
