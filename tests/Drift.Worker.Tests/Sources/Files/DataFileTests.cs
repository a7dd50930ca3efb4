using System.IO.Compression;
using System.Text;
using Drift.Worker.Sources.Files;
using Drift.Tests;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Sources.Files;

public sealed class DataFileTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    DataSet Load(string text, string name = "data.csv", ReadOptions? options = null) => DataFile.Load(folder.File(name, text), options ?? new());

    static NumericColumn Numbers(DataSet data, string name) => Assert.IsType<NumericColumn>(data.Table.Find(name));

    static IEnumerable<string?> Texts(DataSet data, string name)
    {
        var column = Assert.IsType<CategoricalColumn>(data.Table.Find(name));
        return Enumerable.Range(0, column.Length).Select(i => column[i]).ToList();
    }

    [Fact]
    public void Numbers_are_numeric_text_and_booleans_categorical()
    {
        var data = Load("n,t,b\n1.5,x,True\n-2e3,\"a,\"\"b\"\"\nc\",FALSE\n,x,\nNaN,x,true\ninf,x,true\n-Infinity,x,true\n");
        Assert.Equal([1.5, -2000, 0, double.NaN, double.PositiveInfinity, double.NegativeInfinity], Numbers(data, "n").Values.ToArray());
        Assert.Equal([false, false, true, false, false, false], Enumerable.Range(0, 6).Select(Numbers(data, "n").IsNull));
        Assert.Equal(["x", "a,\"b\"\nc", "x", "x", "x", "x"], Texts(data, "t"));
        Assert.Equal(["true", "false", null, "true", "true", "true"], Texts(data, "b"));
        Assert.Equal([ColumnType.Float, ColumnType.Text, ColumnType.Bool], data.Columns.Select(c => c.Spec.Type));
    }

    [Fact]
    public void What_identifies_or_dates_a_row_is_left_out_and_said()
    {
        var data = Load("row,key,at,when,x\n1,a,2026-01-01,2026-01-01T00:00:00Z,3\n2,b,2026-01-02,2026-01-01T00:00:00Z,1\n5,c,2026-01-03,2026-01-01T00:00:00Z,2\n");
        Assert.Equal(["x"], data.Table.Columns.Select(c => c.Spec.Name));
        Assert.Equal([ColumnRole.Ignore, ColumnRole.Ignore, ColumnRole.Ignore, ColumnRole.Ignore, ColumnRole.Feature], data.Columns.Select(c => c.Spec.Role));
        Assert.All(data.Columns.Take(4), c => Assert.NotNull(c.LeftOut));
    }

    [Fact]
    public void The_only_time_column_is_the_time_of_the_row()
    {
        var data = Load("ts,x\n2026-01-01T00:00:00.001Z,3\n2026-01-02,1\n");
        Assert.Equal(ColumnRole.Time, data.Schema.Find("ts")!.Role);
        Assert.Equal(1767225600001, Numbers(data, "ts").Values.Span[0]);
    }

    [Fact]
    public void Among_several_time_columns_the_one_with_the_usual_name_dates_the_rows()
    {
        var data = Load("timestamp,when,x\n2026-01-01,2026-01-01,3\n2026-01-02,2026-01-01,1\n");
        Assert.Equal([ColumnRole.Time, ColumnRole.Ignore, ColumnRole.Feature], data.Columns.Select(c => c.Spec.Role));
    }

    [Fact]
    public void A_column_that_the_user_names_is_never_left_out()
    {
        var text = "row,key,x\n1,a,5\n2,b,5\n3,c,5\n";
        var data = Load(text, options: new() { Columns = ["row", "key"] });
        Assert.Equal(["row", "key"], data.Table.Columns.Select(c => c.Spec.Name));
        data = Load(text, options: new() { Roles = new Dictionary<string, ColumnRole> { ["row"] = ColumnRole.Score, ["key"] = ColumnRole.Prediction } });
        Assert.Equal([ColumnRole.Score, ColumnRole.Prediction, ColumnRole.Feature], data.Columns.Select(c => c.Spec.Role));
        data = Load(text, options: new() { Schema = Schema.Of(ColumnSpec.Categorical("row"), ColumnSpec.Categorical("key")) });
        Assert.Equal(["1", "2", "3"], Texts(data, "row"));
    }

    [Fact]
    public void Text_in_a_column_of_numbers_is_a_violation_and_null()
    {
        var data = Load("x\n" + string.Concat(Enumerable.Range(0, 30).Select(i => i == 7 ? "oops\n" : $"{i % 4}.5\n")));
        var column = Numbers(data, "x");
        Assert.True(column.IsNull(7));
        Assert.Equal(1, column.Mismatched);
        Assert.Contains("row 8: 'oops'", data.Columns[0].Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_column_decides_not_its_first_rows()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < 12_000; i++) text.Append(i < 5000 ? $"{i % 7}.5,x\n" : $"word,{i % 5}\n");
        var data = Load(text.ToString());
        Assert.Equal("0.5", Texts(data, "a").First());
        Assert.Equal(8, ((CategoricalColumn)data.Table.Find("a")!).Dictionary.Count);
        Assert.Equal("0", Texts(data, "b").ElementAt(5000));
    }

    [Fact]
    public void Fields_missing_at_the_end_of_a_row_are_null()
    {
        var data = Load("x,y\n1,2\n1\n2,1\n");
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(Numbers(data, "y").IsNull));
    }

    [Theory]
    [InlineData("x,y\n1,2\n1,2,3\n", "line 3: 3 fields")]
    [InlineData("x,y\n1,\"2\n3,4\n", "the quotes")]
    [InlineData("x,y\n1,a\"b\n3,4\n", "line 2: the quotes")]
    [InlineData("x,y,x\n1,2,3\n", "column 'x' stands twice in the header, as fields 1 and 3")]
    [InlineData("", "is empty")]
    [InlineData("a;b\n1;2\n", "separated by commas, not by semicolons")]
    [InlineData("a\tb\n1\t2\n", "separated by commas, not by tabs")]
    public void A_broken_file_is_named_with_its_line(string text, string expected)
    {
        var e = Assert.Throws<InputException>(() => Load(text));
        Assert.StartsWith(folder["data.csv"] + ": ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_is_read_whatever_the_name_and_every_damage_is_noticed()
    {
        var text = "x,y\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i * 7919 % 1013},{i % 3}\n"));
        var whole = Gzip(text);
        File.WriteAllBytes(folder["whole.csv"], whole);
        Assert.Equal(5000, DataFile.Load(folder["whole.csv"], new()).Table.Rows);
        File.WriteAllBytes(folder["two.csv.gz"], [.. whole, .. Gzip("1,2\n")]);
        Assert.Equal(5001, DataFile.Load(folder["two.csv.gz"], new()).Table.Rows);
        foreach (var (name, bytes) in Damages(whole))
        {
            File.WriteAllBytes(folder["bad.csv.gz"], bytes);
            var e = Assert.Throws<InputException>(() => DataFile.Load(folder["bad.csv.gz"], new()));
            Assert.True(e.Message.StartsWith(folder["bad.csv.gz"] + ": ", StringComparison.Ordinal), name);
        }
    }

    static IEnumerable<(string, byte[])> Damages(byte[] whole)
    {
        foreach (var cut in (int[])[1, 4, 8, 9, 100, whole.Length / 2, whole.Length - 10]) yield return ($"cut {cut}", whole[..^cut]);
        foreach (var at in (int[])[whole.Length / 2, whole.Length - 6, whole.Length - 2]) yield return ($"flipped {at}", [.. whole[..at], (byte)(whole[at] ^ 0x15), .. whole[(at + 1)..]]);
        yield return ("followed", [.. whole, 1, 2, 3]);
    }

    static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }

    [Fact]
    public void Json_lines_keep_their_types()
    {
        var data = Load("""
            {"n":1,"t":"12","b":true,"o":[1]}
            {"n":"NaN","t":"7","b":false,"late":2.5}

            {"n":null,"t":null,"o":3,"late":3}
            {"n":2e400,"t":"7","b":true,"o":4}
            """, "data.jsonl", new() { Columns = ["n", "t", "b", "o", "late"] });
        Assert.Equal([1, double.NaN, 0, double.PositiveInfinity], Numbers(data, "n").Values.ToArray());
        Assert.Equal(["12", "7", null, "7"], Texts(data, "t"));
        Assert.Equal(["true", "false", null, "true"], Texts(data, "b"));
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(Numbers(data, "late").IsNull));
    }

    [Fact]
    public void A_prediction_log_is_read_under_the_names_the_worker_counts_by()
    {
        var data = Load("""
            {"ts":"2026-01-01T00:00:00Z","id":"r-1","model":"m","features":{"a":1,"c":"DE"},"prediction":0.5,"scores":{"yes":0.5}}
            {"ts":"2026-01-01T00:00:01Z","id":"r-2","model":"m","features":{"a":2,"c":"DE"},"prediction":0.25,"scores":{"yes":0.25}}
            """, "log.jsonl");
        Assert.Equal(["ts", "id", "model", "a", "c", "prediction", "score_yes"], data.Columns.Select(c => c.Spec.Name));
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":}\n", "line 2: column 6: not JSON")]
    [InlineData("{\"a\":1}\n[1]\n", "line 2: a JSON object is expected, not a list")]
    [InlineData("{\"a\":1} {}\n", "line 1")]
    [InlineData("\n\n", "is empty")]
    public void Broken_json_is_named_with_its_line(string text, string expected)
    {
        var e = Assert.Throws<InputException>(() => Load(text, "data.jsonl"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        Assert.Contains("no such file", Assert.Throws<InputException>(() => DataFile.Load(folder["none.csv"], new())).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Assert.Throws<InputException>(() => DataFile.Load(folder.Path, new())).Message, StringComparison.Ordinal);
        var e = Assert.Throws<InputException>(() => Load("x,y\n1,2\n", options: new() { Columns = ["x", "z"] }));
        Assert.Contains("has no column 'z'; it has x, y", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InputException>(() => Load("x,t\n1,2026-01-01\n1,yesterday\n", options: new() { Roles = new Dictionary<string, ColumnRole> { ["t"] = ColumnRole.Time } }));
        Assert.Contains("column 't', row 2: 'yesterday' is no ISO 8601 time", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_files_are_read_as_their_cards_say()
    {
        var loan = DataFile.Load(TestData.Path("datasets/car_loan_reference.csv.gz"), new());
        Assert.Equal(50_000, loan.Table.Rows);
        Assert.Equal(ColumnRole.Ignore, loan.Schema.Find("id")!.Role);
        Assert.Equal(ColumnRole.Time, loan.Schema.Find("timestamp")!.Role);
        Assert.Equal(ColumnType.Bool, loan.Schema.Find("repaid_loan_on_prev_car")!.Type);
        Assert.Equal(ColumnKind.Categorical, loan.Schema.Find("salary_range")!.Kind);
        var titanic = DataFile.Load(TestData.Path("datasets/titanic_reference.csv.gz"), new());
        Assert.Equal(891, titanic.Table.Rows);
        Assert.Equal(ColumnKind.Categorical, titanic.Schema.Find("boat")!.Kind);
        Assert.Equal(177, titanic.Columns.Single(c => c.Spec.Name == "Age").Nulls);
        Assert.Equal(["PassengerId", "Name"], titanic.Columns.Where(c => c.LeftOut is not null).Select(c => c.Spec.Name));
    }
}
