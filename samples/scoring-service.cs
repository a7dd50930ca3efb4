// An ASP.NET Core scoring service that watches itself: each request is recorded on its way, each window's profile is handed on. Run: dotnet run samples/scoring-service.cs
#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using System.Net.Http;
using System.Net.Http.Json;
using Drift;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// The reference comes from training; a service would read it: ProfileFormat.Read(File.ReadAllBytes("reference.json")).
var schema = Schema.Of(ColumnSpec.Numeric("amount"), ColumnSpec.Numeric("age"), ColumnSpec.Numeric("score", ColumnRole.Prediction), ColumnSpec.Categorical("country"));
var random = new Random(1);
double[] amounts = [.. Enumerable.Range(0, 5_000).Select(_ => 100 * random.NextDouble())], ages = [.. amounts.Select(_ => random.Next(18, 90) + 0.0)];
var reference = ProfileBuilder.ForReference(schema).Add("amount", amounts).Add("age", ages).Add("score", [.. amounts.Zip(ages, Model.Score)])
    .Add("country", amounts.Select((_, i) => i % 2 == 0 ? "DE" : "FR")).ToProfile();

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
builder.Logging.ClearProviders();
// A window of a minute; its profile could go to the worker's topic, where it merges with those of the other pods. The meter Drift.LiveMonitor tells rows, windows and psi.
builder.Services.AddSingleton(_ => new LiveMonitor(reference, TimeProvider.System, TimeSpan.FromMinutes(1), profile => Console.WriteLine($"{profile.Rows} rows in the last window")));
var app = builder.Build();

app.MapPost("/score", (Request request, LiveMonitor monitor) =>
{
    var score = Model.Score(request.Amount, request.Age);
    monitor.Record([request.Amount, request.Age, score], [request.Country]); // no lock, no allocation
    return score;
});
app.MapGet("/drift", (LiveMonitor monitor) => DriftReport.Compare(reference, monitor.Snapshot()).ToString());
await app.StartAsync();

// A few requests, larger ones than in training; a service would end here with app.Run().
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
for (var i = 0; i < 400; i++) (await client.PostAsJsonAsync("/score", new Request(150 * random.NextDouble(), random.Next(18, 90), i % 2 == 0 ? "DE" : "FR"))).EnsureSuccessStatusCode();
Console.WriteLine(await client.GetStringAsync("/drift"));
await app.StopAsync();

record Request(double Amount, double Age, string? Country);

static class Model
{
    public static double Score(double amount, double age) => 1 / (1 + Math.Exp(-(amount - age) / 50));
}
