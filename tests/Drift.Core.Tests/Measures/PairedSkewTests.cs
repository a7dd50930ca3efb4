namespace Drift.Core.Tests.Measures;

public sealed class PairedSkewTests
{
    static Table Rows(double[] id, double[] x, string?[] c, Func<int, bool>? valid = null) => new([
        new NumericColumn(ColumnSpec.Numeric("id", ColumnRole.Id), id, Validity.Of(id.Length, i => !double.IsNaN(id[i]))),
        new NumericColumn(ColumnSpec.Numeric("x"), x, Validity.Of(x.Length, valid ?? (_ => true))), CategoricalColumn.Of(ColumnSpec.Categorical("c"), c)]);

    static Reading One(IReadOnlyList<Reading> readings, string column) => readings.Single(r => r.Column == column);

    static double Number(Reading reading, string name) => reading.Detail!.Numbers.Single(n => n.Key == name).Value;

    [Fact]
    public void Rows_find_each_other_by_id_in_any_order()
    {
        var readings = PairedSkew.Compare(Rows([1, 2, 3, 4, 5], [10, 20, 30, 40, 50], ["a", "b", null, "d", "e"]), Rows([4, 3, 2, 1, 9], [40, 33, 20, 10.5, 0], ["d", null, "B", "a", "z"]), "id");
        Assert.Equal(["x", "c"], readings.Select(r => r.Column));
        Assert.Equal((0.5, 4L, Verdict.Critical, "skew_rate"), (One(readings, "x").Value, One(readings, "x").Rows, One(readings, "x").Verdict, One(readings, "x").Measure));
        Assert.Equal((2.0, 3.0, 1.0, 1.0, 0.0), (Number(One(readings, "x"), "differing"), Number(One(readings, "x"), "largest_difference"), Number(One(readings, "x"), "only_reference"), Number(One(readings, "x"), "only_current"), Number(One(readings, "x"), "left_out")));
        Assert.Equal(0.25, One(readings, "c").Value);
    }

    [Fact]
    public void Equal_is_by_value_null_only_null_and_nan_equals_nan()
    {
        double[] id = [1, 2, 3, 4, 5, 6], x = [0, double.NaN, double.PositiveInfinity, 1, 2, 0.1f];
        string?[] c = ["a", "a", "a", "a", "a", "a"];
        Assert.Equal(0, One(PairedSkew.Compare(Rows(id, x, c), Rows(id, [-0.0, double.NaN, double.PositiveInfinity, 1, 2, 0.1f], c), "id"), "x").Value);
        double[] y = [0, 1, 1e308, 1, 2, 0.1];
        Assert.Equal(4 / 6.0, One(PairedSkew.Compare(Rows(id, x, c), Rows(id, y, c, i => i != 3), "id"), "x").Value);
        Assert.Equal(3 / 6.0, One(PairedSkew.Compare(Rows(id, x, c), Rows(id, y, c, i => i != 3), "id", tolerance: 1e-6), "x").Value);
    }

    [Fact]
    public void Rows_without_an_id_of_their_own_are_counted_and_left_out()
    {
        var readings = PairedSkew.Compare(Rows([1, 1, double.NaN, 2], [1, 9, 9, 2], ["a", "b", "b", "b"]), Rows([2, 1], [2, 1], ["b", "a"]), "id");
        Assert.Equal((0.0, 2.0, 2L, Verdict.Ok), (One(readings, "x").Value, Number(One(readings, "x"), "left_out"), One(readings, "x").Rows, One(readings, "x").Verdict));
    }

    [Fact]
    public void What_cannot_be_paired_is_said()
    {
        var table = Rows([1, 2], [1, 2], ["a", "b"]);
        Assert.All(PairedSkew.Compare(table, Rows([7, 8], [1, 2], ["a", "b"]), "id"), r => Assert.Contains("no id", r.Detail!.Reason));
        Assert.All(PairedSkew.Compare(table, Rows([], [], []), "id"), r => Assert.Equal(ReadingStatus.NotApplicable, r.Status));
        Assert.Contains("no such column", One(PairedSkew.Compare(table, new(table.Columns.Take(2)), "id"), "c").Detail!.Reason);
        Table other = new([table.Columns[0], table.Columns[1].With(ColumnSpec.Numeric("c"))]);
        Assert.Contains("numeric", One(PairedSkew.Compare(table, other, "id"), "c").Detail!.Reason);
        Assert.Contains("'key'", Assert.Throws<ArgumentException>(() => PairedSkew.Compare(table, table, "key")).Message);
        Assert.Contains("'nowhere'", Assert.Throws<ArgumentException>(() => PairedSkew.Compare(table, table, "id", options: new() { Columns = ["nowhere"] })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedSkew.Compare(table, table, "id", double.NaN));
        Assert.Equal("x", Assert.Single(PairedSkew.Compare(table, table, "id", options: new() { Columns = ["x"] })).Column);
    }
}
