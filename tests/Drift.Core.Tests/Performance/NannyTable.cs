using System.Text.Json;
using Drift.Core.Tests.Measures;
using Drift.Tests;

namespace Drift.Core.Tests.Performance;

/// <summary>One table of NannyML's documentation, by the id it has there.</summary>
sealed class NannyTable
{
    static readonly Lazy<JsonDocument> document = new(() => JsonDocument.Parse(File.ReadAllBytes(TestData.Path("expected_nannyml_docs.json"))));

    /// <summary>Its names of measures, and ours. The cells of its confusion matrix are shares of all rows.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["roc_auc"] = "auc", ["average_precision"] = "aupr",
        ["f1"] = "f1", ["precision"] = "precision", ["recall"] = "recall", ["specificity"] = "specificity", ["accuracy"] = "accuracy",
        ["mae"] = "mae", ["mape"] = "mape", ["mse"] = "mse", ["msle"] = "msle", ["rmse"] = "rmse", ["rmsle"] = "rmsle",
        ["true_positive"] = "tp", ["true_negative"] = "tn", ["false_positive"] = "fp", ["false_negative"] = "fn", ["business_value"] = "business_value",
    };

    readonly JsonElement[][] rows;
    readonly string[] columns;

    NannyTable(JsonElement table)
    {
        columns = [.. table.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
        rows = [.. table.GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().ToArray())];
        (Dataset, Period) = (table.GetProperty("dataset").GetString()!, table.GetProperty("period").GetString()!);
    }

    public static IEnumerable<string> Ids => document.Value.RootElement.GetProperty("tables").EnumerateArray().Select(t => t.GetProperty("id").GetString()!);

    public static NannyTable Of(string id) => new(document.Value.RootElement.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("id").GetString() == id));

    public string Dataset { get; }

    public string Period { get; }

    public int Chunks => rows.Length;

    public int ChunkSize => (int)(rows[0][Array.IndexOf(columns, "chunk.end_index")].GetDouble() + 1);

    /// <summary>The rows of a chunk, and whether they are the reference's.</summary>
    public (bool IsReference, int Start, int Count) Rows(int chunk)
    {
        int start = (int)Cell(chunk, "chunk.start_index").GetDouble(), end = (int)Cell(chunk, "chunk.end_index").GetDouble();
        return (Cell(chunk, "chunk.period").GetString() == "reference", start, end + 1 - start);
    }

    JsonElement Cell(int chunk, string column) => rows[chunk][Array.IndexOf(columns, column)];

    /// <summary>Its measures, as it calls them.</summary>
    public IEnumerable<string> Measures => columns.Where(c => c.EndsWith(".value", StringComparison.Ordinal)).Select(c => c[..^6]);

    public double Number(int chunk, string measure, string part) => Cell(chunk, $"{measure}.{part}").Number();

    public bool Alert(int chunk, string measure) => Cell(chunk, $"{measure}.alert").GetBoolean();

    /// <summary>A cell of a table that is no list of chunks.</summary>
    public JsonElement At(int row, string column) => Cell(row, column);

    /// <summary>Whether there is a number; what was realised is not known everywhere.</summary>
    public bool Prints(int chunk, string measure, string part) => Cell(chunk, $"{measure}.{part}").ValueKind != JsonValueKind.Null;

    /// <summary>Fails when ours is not what is printed.</summary>
    public void Check(int chunk, string measure, string part, double actual)
    {
        var expected = Number(chunk, measure, part);
        Assert.True(Math.Abs(actual - expected) <= Printed(expected), $"{measure}.{part} of chunk {chunk}: {expected} printed, {actual:R} here");
    }

    /// <summary>Half a unit of the sixth digit, which is what six printed digits leave open.</summary>
    public static double Printed(double value) => value == 0 ? 5e-7 : 0.5001 * Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 5);
}
