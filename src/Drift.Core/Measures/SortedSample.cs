using System.Buffers;

namespace Drift;

/// <summary>An ascending copy of a sample without its NaN, in rented memory.</summary>
readonly ref struct SortedSample
{
    readonly double[] rented;

    SortedSample(double[] rented, int start, int count)
    {
        this.rented = rented;
        Values = rented.AsSpan(start, count);
    }

    /// <summary>The values, ascending.</summary>
    public ReadOnlySpan<double> Values { get; }

    public static SortedSample Of(ReadOnlySpan<double> values)
    {
        var rented = ArrayPool<double>.Shared.Rent(Math.Max(1, values.Length));
        var count = 0;
        foreach (var value in values)
            if (!double.IsNaN(value)) rented[count++] = value;
        RadixSort.Sort(rented.AsSpan(0, count));
        return new(rented, 0, count);
    }

    public void Dispose() => ArrayPool<double>.Shared.Return(rented);
}

/// <summary>One distinct value of two ascending samples: how often each side has it, and how many of its values lie below.</summary>
readonly record struct Tie(double Value, int First, int Second, int FirstBelow, int SecondBelow)
{
    public int Count => First + Second;

    public int Below => FirstBelow + SecondBelow;
}

/// <summary>Walks two ascending samples one distinct value at a time: the rank tests are sums over these groups, so none of them builds ranks.</summary>
ref struct Ties(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
{
    readonly ReadOnlySpan<double> first = first;
    readonly ReadOnlySpan<double> second = second;
    int i;
    int j;

    public Tie Current { get; private set; }

    public readonly Ties GetEnumerator() => this;

    public bool MoveNext()
    {
        if (i == first.Length && j == second.Length) return false;
        var value = i == first.Length ? second[j] : j == second.Length ? first[i] : Math.Min(first[i], second[j]);
        int fromI = i, fromJ = j;
        while (i < first.Length && first[i] == value) i++;
        while (j < second.Length && second[j] == value) j++;
        Current = new(value, i - fromI, j - fromJ, fromI, fromJ);
        return true;
    }
}
