using System.Globalization;
using System.IO.Compression;
using Drift.Tests;

namespace Drift.Core.Tests.Performance;

/// <summary>The shared data sets as tables, each read once. No cell of theirs holds a line break.</summary>
static class DataSets
{
    static readonly Dictionary<string, Table> read = [];
    static readonly Lock gate = new();

    /// <summary>A file of the data sets; numbers become numeric columns, everything else text. The column <c>timestamp</c> becomes Unix milliseconds.</summary>
    public static Table Of(string name)
    {
        var path = TestData.Path($"datasets/{name}.csv.gz");
        lock (gate)
        {
            if (!read.TryGetValue(name, out var table)) read.Add(name, table = Read(path));
            return table;
        }
    }

    /// <summary>A table with a column of another added, row by row: the labels are in the order of the rows.</summary>
    public static Table With(this Table table, Table labels, string column)
    {
        Assert.Equal(((NumericColumn)table.Find("id")!).Values.ToArray(), ((NumericColumn)labels.Find("id")!).Values.ToArray());
        return new([.. table.Columns, labels.Find(column)!]);
    }

    /// <summary>A table in which a column of numbers is replaced.</summary>
    public static Table Map(this Table table, string column, Func<double, double> map) => new(table.Columns.Select(c => c.Spec.Name != column
        ? c
        : new NumericColumn(c.Spec, Array.ConvertAll(((NumericColumn)c).Values.ToArray(), x => map(x)))));

    static Table Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var names = reader.ReadLine()!.Split(',');
        var cells = names.Select(_ => new List<string>()).ToArray();
        while (reader.ReadLine() is { } line)
        {
            var row = line.Contains('"') ? Quoted(line) : line.Split(',');
            Assert.Equal(names.Length, row.Length);
            for (var c = 0; c < row.Length; c++) cells[c].Add(row[c]);
        }
        return new(names.Select((name, c) => Column(name, cells[c])));
    }

    static string[] Quoted(string line)
    {
        // Even parts stand outside quotes, and a doubled quote is an empty part between two quoted ones.
        var parts = line.Split('"');
        return string.Concat(parts.Select((part, i) => i % 2 == 0 ? part.Replace(',', '\u0001') : part)).Split('\u0001');
    }

    static Column Column(string name, List<string> cells)
    {
        var numbers = new double[cells.Count];
        var isTime = name == "timestamp";
        for (var i = 0; i < numbers.Length; i++)
        {
            if (isTime) numbers[i] = DateTimeOffset.Parse(cells[i], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
            else if (!double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return CategoricalColumn.Of(ColumnSpec.Categorical(name), [.. cells.Select(cell => cell.Length == 0 ? null : cell)]);
        }
        return new NumericColumn(ColumnSpec.Numeric(name, isTime ? ColumnRole.Time : ColumnRole.Feature), numbers);
    }
}

/// <summary>The models behind the data sets.</summary>
static class Models
{
    public static readonly ModelColumns CarLoan = new() { Task = PerformanceTask.Binary, Truth = "repaid", Prediction = "y_pred", Scores = [new(null, "y_pred_proba")] };

    public static readonly ModelColumns CreditCard = new()
    {
        Task = PerformanceTask.Multiclass,
        Truth = "y_true",
        Prediction = "y_pred",
        Scores = [.. new[] { "prepaid_card", "highstreet_card", "upmarket_card" }.Select(c => new ScoreColumn(c, "y_pred_proba_" + c))],
    };

    public static readonly ModelColumns CarPrice = new() { Task = PerformanceTask.Regression, Truth = "y_true", Prediction = "y_pred" };

    public static Table Reference(string name) => DataSets.Of(name + "_reference");

    public static Table Analysis(string name) => name == "car_loan"
        ? DataSets.Of("car_loan_analysis").With(DataSets.Of("car_loan_labels_delayed"), "repaid")
        : DataSets.Of(name + "_analysis").With(DataSets.Of(name + "_labels"), "y_true");

    public static ModelColumns Columns(string name) => name switch { "car_loan" => CarLoan, "credit_card" => CreditCard, _ => CarPrice };
}
