using System.Runtime.Intrinsics;

namespace Drift.Benchmarks;

/// <summary>Data and yardsticks that several benches share.</summary>
static unsafe class Samples
{
    public static double[] Normal(int count, int seed = 1)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        return values;
    }

    /// <summary>A long column made of copies of a short one.</summary>
    public static T[] Tiled<T>(T[] part, int count)
    {
        var all = GC.AllocateUninitializedArray<T>(count);
        for (var at = 0; at < count; at += part.Length) part.AsSpan(0, Math.Min(part.Length, count - at)).CopyTo(all.AsSpan(at));
        return all;
    }

    /// <summary>The yardstick of every histogram: one value at a time by the plain formula.</summary>
    public static void ScalarUniform(ReadOnlySpan<double> values, double min, double max, long[] counts)
    {
        var (scale, last) = (counts.Length / (max - min), counts.Length - 1);
        foreach (var x in values)
            if (x >= min && x <= max) counts[Math.Min((int)((x - min) * scale), last)]++;
    }

    /// <summary>The yardstick of the memory: a sum with enough accumulators to wait for nothing but the data.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        Vector512<double> a = default, b = default, c = default, d = default;
        fixed (double* from = values)
            for (var i = 0; i <= values.Length - 32; i += 32)
            {
                a += Vector512.Load(from + i);
                b += Vector512.Load(from + i + 8);
                c += Vector512.Load(from + i + 16);
                d += Vector512.Load(from + i + 24);
            }
        return Vector512.Sum(a + b + c + d);
    }

    /// <inheritdoc cref="Sum(ReadOnlySpan{double})"/>
    public static float Sum(ReadOnlySpan<float> values)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        fixed (float* from = values)
            for (var i = 0; i <= values.Length - 64; i += 64)
            {
                a += Vector512.Load(from + i);
                b += Vector512.Load(from + i + 16);
                c += Vector512.Load(from + i + 32);
                d += Vector512.Load(from + i + 48);
            }
        return Vector512.Sum(a + b + c + d);
    }
}
