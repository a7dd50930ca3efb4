namespace Drift;

/// <summary>A running sum that carries its rounding error (Neumaier 1974): the result is as if summed in twice the precision.</summary>
struct CompensatedSum
{
    double sum;
    double error;

    public readonly double Value => double.IsFinite(sum) ? sum + error : sum;

    public void Add(double value)
    {
        var next = sum + value;
        error += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
        sum = next;
    }
}
