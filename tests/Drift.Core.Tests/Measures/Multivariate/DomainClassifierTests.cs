namespace Drift.Core.Tests.Measures.Multivariate;

public sealed class DomainClassifierTests
{
    /// <summary>Six numbers, a category and nulls; every mean moves by the shift, and the category's share with it.</summary>
    static Table Rows(int rows, long seed, double shift = 0, double missing = 0.1)
    {
        var random = new SeededRandom(seed);
        var columns = new List<Column>();
        for (var c = 0; c < 6; c++)
        {
            var values = new double[rows];
            for (var i = 0; i < rows; i++) values[i] = random.NextNormal() + shift;
            columns.Add(new NumericColumn(ColumnSpec.Numeric($"x{c}"), values));
        }
        var holes = new double[rows];
        for (var i = 0; i < rows; i++) holes[i] = random.NextDouble() < missing ? double.NaN : random.NextNormal();
        columns.Add(new NumericColumn(ColumnSpec.Numeric("holes"), holes));
        var text = new string?[rows];
        for (var i = 0; i < rows; i++) text[i] = random.NextDouble() < 0.05 ? null : random.NextDouble() < 0.5 ? "a" : "b";
        columns.Add(CategoricalColumn.Of(ColumnSpec.Categorical("c"), text));
        return new(columns);
    }

    [Fact]
    public void Nothing_changed_is_about_one_half()
    {
        for (var seed = 0; seed < 5; seed++) Assert.InRange(DomainClassifier.Auc(Rows(600, 2 * seed), Rows(600, 2 * seed + 1)), 0.42, 0.56);
    }

    /// <summary>Six independent shifts of 0.3 deviations are one of 0.3 sqrt(6) along the diagonal: AUC = P(Z under 0.735 / sqrt 2) = 0.698.</summary>
    [Fact]
    public void Small_shifts_of_many_columns_add_up() =>
        Assert.InRange(DomainClassifier.Auc(Rows(1500, 1), Rows(1500, 2, shift: 0.3)), 0.66, 0.73);

    [Fact]
    public void A_category_and_missing_cells_are_seen_too()
    {
        Assert.InRange(DomainClassifier.Auc(Rows(800, 3), Rows(800, 4, missing: 0.5)), 0.65, 0.75);
        var table = Rows(400, 5);
        var other = new Table([.. Rows(400, 6).Columns.Where(c => c.Spec.Name != "c"), CategoricalColumn.Of(ColumnSpec.Categorical("c"), [.. Enumerable.Repeat("new", 400)])]);
        Assert.True(DomainClassifier.Auc(table, other) > 0.97);
    }

    [Fact]
    public void Sides_apart_are_one_and_equal_rows_are_repeatable()
    {
        Assert.True(DomainClassifier.Auc(Rows(200, 7), Rows(200, 8, shift: 50)) > 0.999);
        Assert.Equal(DomainClassifier.Auc(Rows(300, 9), Rows(300, 10, 0.2)), DomainClassifier.Auc(Rows(300, 9), Rows(300, 10, 0.2)));
    }

    [Fact]
    public void What_cannot_be_learned_is_nan()
    {
        var constant = new Table([new NumericColumn(ColumnSpec.Numeric("x"), new double[50])]);
        Assert.True(double.IsNaN(DomainClassifier.Auc(constant, constant)));
        Assert.True(double.IsNaN(DomainClassifier.Auc(Rows(3, 1), Rows(100, 2))));
    }

    [Fact]
    public void A_comparison_gives_it_only_when_named()
    {
        Table before = Rows(500, 1), now = Rows(500, 2, shift: 0.5);
        var reading = Comparison.Compare(before, now, new() { Measures = ["domain_auc", "psi"] }).Single(r => r.Measure == "domain_auc");
        Assert.Equal(("", ReadingStatus.Ok, ReadingKind.Drift), (reading.Column, reading.Status, reading.Kind));
        Assert.Equal(DomainClassifier.Auc(before, now), reading.Value);
        Assert.DoesNotContain(Comparison.Compare(before, now), r => r.Measure == "domain_auc");
        Assert.InRange(Comparison.Compare(before, now, new() { Measures = ["domain_auc"], Columns = ["c"] }).Single().Value, 0.35, 0.6);
        var profile = ProfileBuilder.ForReference(before.Schema).Add(before).ToProfile();
        Assert.Contains("rows", Comparison.Compare(profile, profile, new() { Measures = ["domain_auc"] }).Single().Detail!.Reason);
    }
}
