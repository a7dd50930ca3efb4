using System.Globalization;
using System.Text.Json;
using Drift.Tests;

namespace Drift.Core.Tests.Measures;

/// <summary>The peers' outputs for explicit inputs, read once.</summary>
static class Oracle
{
    static readonly Lazy<JsonDocument> document = new(() => JsonDocument.Parse(File.ReadAllBytes(TestData.Oracle("oracle.json"))));

    public static IReadOnlyList<JsonElement> Cases(string kind) =>
        [.. All.Where(c => c.GetProperty("kind").GetString() == kind)];

    public static IEnumerable<JsonElement> All => document.Value.RootElement.GetProperty("cases").EnumerateArray();

    public static string Id(this JsonElement oracleCase) => oracleCase.GetProperty("id").GetString()!;

    public static double[] Doubles(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(Number)];

    public static double Double(this JsonElement element, string name) => element.GetProperty(name).Number();

    /// <summary>A number, or one of the strings NaN, Infinity, -Infinity.</summary>
    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? double.Parse(element.GetString()!, CultureInfo.InvariantCulture)
        : element.GetDouble();
}

/// <summary>Comparison by relative error, with an absolute floor where asked for.</summary>
static class Near
{
    public static void Equal(double expected, double actual, double relative, string what, double absolute = 0)
    {
        if (!Holds(expected, actual, relative, absolute))
            Assert.Fail($"{what}: expected {expected:R}, got {actual:R}, relative error {Math.Abs(actual / expected - 1):E1}");
    }

    public static bool Holds(double expected, double actual, double relative, double absolute = 0) =>
        expected.Equals(actual) || expected == actual || Math.Abs(expected - actual) <= Math.Max(absolute, relative * Math.Abs(expected));
}
