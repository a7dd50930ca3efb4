// A channel of one's own: an alert that is critical starts a retraining, once per episode. Run: dotnet run samples/retrain.cs
#:project ../src/Drift.Alerts/Drift.Alerts.csproj
#:property PublishAot=false
using Drift;
using Drift.Alerts;

var random = new Random(2);
double[] Draw(int n, double shift) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() + shift)];
var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("amount"))).Add("amount", Draw(20_000, 0)).ToProfile();

// It takes the place of the policy's channel of the same name.
await using var engine = new AlertEngine(Policy.Default, channels: [new RetrainChannel("team")]);
var start = new DateTimeOffset(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
for (var day = 0; day < 5; day++)
{
    var window = new Window { Model = "fraud", Version = "3", Start = start.AddDays(day), End = start.AddDays(day + 1), Rows = 5_000 };
    var profile = ProfileBuilder.ForWindow(reference).Add("amount", Draw(5_000, day < 2 ? 0 : .3)).ToProfile();
    await engine.JudgeAsync(window, Comparison.Compare(reference, profile));
    await engine.DeliverAsync();
}

sealed class RetrainChannel(string name) : IAlertChannel
{
    public string Name => name;

    public Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        // Throwing would make the delivery try again later; returning says that it is done.
        foreach (var alert in notice.Alerts.Where(a => a.Status == AlertStatus.Firing && a.Severity == Severity.Critical))
            Console.WriteLine($"start retraining of {alert.Model}: {alert.Text}");
        return Task.CompletedTask;
    }
}
