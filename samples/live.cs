// Inside a service: record from any request thread, without a lock, and get a profile per window. Run: dotnet run samples/live.cs
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using Drift;

var schema = Schema.Of(ColumnSpec.Numeric("amount"), ColumnSpec.Categorical("country"));
var random = new Random(1);
var reference = ProfileBuilder.ForReference(schema)
    .Add("amount", [.. Enumerable.Range(0, 5_000).Select(_ => random.NextDouble())])
    .Add("country", Enumerable.Range(0, 5_000).Select(i => i % 2 == 0 ? "DE" : "FR")).ToProfile();

using var monitor = new LiveMonitor(reference, TimeProvider.System);
Parallel.For(0, 4_000, i => monitor.Record([i % 1000 / 2000.0], [i % 2 == 0 ? "DE" : "FR"]));

// A service would give a window's length and a hand-off instead, and export the meter Drift.LiveMonitor by OpenTelemetry.
var window = monitor.CloseWindow();
Console.WriteLine($"{window.Rows} rows");
Console.WriteLine(DriftReport.Compare(reference, window));
