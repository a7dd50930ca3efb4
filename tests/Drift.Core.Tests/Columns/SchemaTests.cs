using System.Text;

namespace Drift.Core.Tests.Columns;

public sealed class SchemaTests
{
    static readonly Schema schema = Schema.Of(
        ColumnSpec.Numeric("amount") with { Type = ColumnType.Int, Min = 0, Max = 1e6, Nullable = false },
        ColumnSpec.Categorical("country") with { Allowed = ["DE", "FR"], MaxNullRate = 0.1 },
        ColumnSpec.Numeric("score", ColumnRole.Score));

    [Fact]
    public void Written_and_read_it_is_the_same()
    {
        var bytes = SchemaFormat.Write(schema);
        var again = SchemaFormat.Read(bytes);
        Assert.Equal(bytes, SchemaFormat.Write(again));
        Assert.Equal(schema.Columns[0], again.Columns[0]);
        Assert.Equal(["DE", "FR"], again.Columns[1].Allowed!);
    }

    [Theory]
    [InlineData("""{"format":"drift-schema","version":1}""", "'columns' is missing")]
    [InlineData("""{"format":"drift-schema","version":1,"columns":[{"name":"a","kind":"numeric","max_null_rate":2}]}""", "$.columns[0].max_null_rate: 2 is not a share")]
    [InlineData("""{"format":"drift-schema","version":1,"columns":[{"name":"a","kind":"numeric"},{"name":"a","kind":"numeric"}]}""", "'a' stands twice")]
    [InlineData("[]", "$: [] is not an object")]
    public void What_is_wrong_is_said_with_its_place(string document, string said) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => SchemaFormat.Read(Encoding.UTF8.GetBytes(document))).Message);

    [Fact]
    public void Tables_are_sliced_and_filtered_by_rows()
    {
        var table = new Table([
            new NumericColumn(ColumnSpec.Numeric("x"), new double[] { 1, 2, double.NaN, 4 }, new byte[] { 0b1101 }),
            CategoricalColumn.Of(ColumnSpec.Categorical("c"), ["a", null, "b", "a"]),
        ]);
        var odd = table.Where([false, true, true, true]).Slice(1, 2);
        Assert.Equal(2, odd.Rows);
        Assert.Equal(["b", "a"], Enumerable.Range(0, 2).Select(i => ((CategoricalColumn)odd.Columns[1])[i]));
        Assert.Equal([4.0], ((NumericColumn)odd.Columns[0]).Sample());
        Assert.True(table.Columns[0].IsNull(1));
        Assert.Throws<ArgumentException>(() => new Table([table.Columns[0], odd.Columns[1]]));
    }
}
