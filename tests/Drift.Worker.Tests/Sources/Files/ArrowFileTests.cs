using Drift.Tests;
using Drift.Worker.Sources.Files;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Sources.Files;

/// <summary>Arrow IPC as npm's apache-arrow writes it (Arrow/make.mjs): values exact, damage always named.</summary>
public sealed class ArrowFileTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    static string Fixture(string name) => Path.Combine(Repository.Root, "tests", "Drift.Worker.Tests", "Sources", "Files", "Arrow", name);

    [Theory]
    [InlineData("sample.arrow")]
    [InlineData("sample.arrows")]
    [InlineData("batches.arrows")]
    public void Every_value_is_the_one_that_was_written(string name)
    {
        var data = DataFile.Load(Fixture(name), new ReadOptions { NeverLeftOut = ["id"] });
        Assert.Equal(1000, data.Rows);
        double? Number(string column, int row) => data.Table.Find(column) is NumericColumn c && !c.IsNull(row) ? c.Values.Span[row] : null;
        string? Text(string column, int row) => ((CategoricalColumn)data.Table.Find(column)!)[row];
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal((i, i + 1.0), (i, Number("id", i)));
            Assert.Equal((i, i % 10 == 3 ? null : i * 7919 % 1009 / 8.0), (i, Number("amount", i)));
            Assert.Equal((i, i * 31 % 50 - 10.0), (i, Number("small", i)));
            Assert.Equal((i, i % 100 == 7 ? double.NaN : (float)(i * 13 % 97 / 97.0)), (i, Number("ratio", i)));
            Assert.Equal((i, i % 25 == 4 ? null : new[] { "DE", "FR", "ÖS" }[i % 3]), (i, Text("country", i)));
            Assert.Equal((i, i % 2 == 0 ? "web" : "app"), (i, Text("channel", i)));
            Assert.Equal((i, i % 50 == 9 ? null : i % 4 == 0 ? "true" : "false"), (i, Text("flag", i)));
            Assert.Equal((i, 1767225600000.0 + i * 60000.0), (i, Number("ts", i)));
        }
        Assert.Equal([ColumnType.Int, ColumnType.Float, ColumnType.Int, ColumnType.Float, ColumnType.Text, ColumnType.Text, ColumnType.Bool, ColumnType.Time], data.Columns.Select(c => c.Spec.Type));
    }

    [Fact]
    public void A_schema_decides_what_a_typed_column_is_for()
    {
        var data = DataFile.Load(Fixture("sample.arrows"), new ReadOptions { Schema = Schema.Of(ColumnSpec.Categorical("small"), ColumnSpec.Numeric("channel")), InferOthers = false });
        Assert.Equal("-10", ((CategoricalColumn)data.Table.Find("small")!)[0]);
        Assert.Equal(1000, data.Table.Find("channel")!.Mismatched);
    }

    [Fact]
    public async Task Profile_and_compare_take_it_and_it_agrees_with_the_same_rows_in_csv()
    {
        var data = DataFile.Load(Fixture("sample.arrow"), new());
        var (amount, country) = ((NumericColumn)data.Table.Find("amount")!, (CategoricalColumn)data.Table.Find("country")!);
        var csv = folder.File("same.csv", "amount,country\n" + string.Concat(Enumerable.Range(0, data.Rows).Select(i => $"{(amount.IsNull(i) ? "" : amount.Values.Span[i].ToString("R"))},{country[i]}\n")));
        foreach (var (file, name) in new[] { (Fixture("sample.arrow"), "a.json"), (csv, "b.json") })
            Assert.Equal(0, (await Run.Of("profile", file, "--out", folder[name], "--columns", "amount,country")).Code);
        var (ours, theirs) = (ProfileFormat.Read(File.ReadAllBytes(folder["a.json"])), ProfileFormat.Read(File.ReadAllBytes(folder["b.json"])));
        Assert.Equal(theirs.Id, ours.Id);
        Assert.Equal(theirs.Find("amount")!.Histogram!.Counts.ToArray(), ours.Find("amount")!.Histogram!.Counts.ToArray());
        Assert.Equal(theirs.Find("country")!.Categories!.Counts.ToArray(), ours.Find("country")!.Categories!.Counts.ToArray());
        Assert.Equal(0, (await Run.Of("compare", "--reference", folder["b.json"], "--current", Fixture("batches.arrows"))).Code);
    }

    [Fact]
    public void What_is_not_read_is_refused_by_name()
    {
        Assert.Contains("column 'l' is nested; only flat columns are read", Assert.Throws<InputException>(() => DataFile.Load(Fixture("nested.arrows"), new())).Message, StringComparison.Ordinal);
        Assert.Contains("not an Arrow file", Assert.Throws<InputException>(() => DataFile.Load(folder.File("x.arrow", "a,b\n1,2\n"), new())).Message, StringComparison.Ordinal);
        Assert.Contains("Parquet files are not read", Assert.Throws<InputException>(() => DataFile.Load(folder.File("x.parquet", "PAR1"), new())).Message, StringComparison.Ordinal);
    }

    /// <summary>Bytes flipped, ranges zeroed, ends cut off: the file is read or refused as bad input, nothing else.</summary>
    [Theory]
    [InlineData("sample.arrow", 1)]
    [InlineData("sample.arrows", 2)]
    [InlineData("nested.arrows", 3)]
    public void Damage_is_bad_input_and_nothing_worse(string name, int seed)
    {
        var whole = File.ReadAllBytes(Fixture(name));
        var random = new Random(seed);
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var bytes = (byte[])whole.Clone();
            // Most damage goes where the structure is: the messages' heads at the start, the footer at the end.
            for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(3) switch { 0 => random.Next(bytes.Length), 1 => random.Next(Math.Min(1500, bytes.Length)), _ => bytes.Length - 1 - random.Next(Math.Min(1500, bytes.Length)) }] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            File.WriteAllBytes(folder["bad.arrow"], bytes);
            try
            {
                DataFile.Load(folder["bad.arrow"], new());
            }
            catch (InputException e)
            {
                refused++;
                Assert.StartsWith(folder["bad.arrow"] + ": ", e.Message, StringComparison.Ordinal);
            }
        }
        Assert.True(refused > 100);
    }
}
