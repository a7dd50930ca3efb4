// Is the challenger better than the champion? Two models scored different requests. Run: dotnet run samples/canary.cs
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using Drift;

var random = new Random(5);
Table Answers(int n, double right)
{
    var truth = Enumerable.Range(0, n).Select(_ => random.Next(2)).ToArray();
    double[] said = [.. truth.Select(t => random.NextDouble() < right ? t : 1.0 - t)];
    return new Table([new NumericColumn(ColumnSpec.Numeric("truth", ColumnRole.Truth), truth.Select(t => (double)t).ToArray()), new NumericColumn(ColumnSpec.Numeric("answer", ColumnRole.Prediction), said)]);
}

var columns = new ModelColumns { Task = PerformanceTask.Binary, Truth = "truth", Prediction = "answer" };
var readings = Contrasts.Compare(Outcomes.Of(Answers(4_000, .84), columns), Outcomes.Of(Answers(4_000, .88), columns));
foreach (var reading in readings.Where(r => r.PValue is not null))
    Console.WriteLine($"{reading.Measure}: {reading.ReferenceValue:F3} -> {reading.Value:F3}, p {reading.PValue:G2}");
