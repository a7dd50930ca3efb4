namespace Drift.Core.Tests.Measures;

public sealed class ComparisonTests
{
    static readonly Schema Schema = Schema.Of(ColumnSpec.Numeric("amount"), ColumnSpec.Categorical("country"));

    [Fact]
    public void The_default_measures_of_each_kind_in_order()
    {
        var (reference, current) = Stable(5000, 2000);
        var readings = Comparison.Compare(reference, current);
        Assert.Equal(
            ["psi", "psi_corrected", "ks", "js", "missing_rate", "nan_rate", "out_of_range_rate", "violation_rate"],
            readings.Where(reading => reading.Column == "amount").Select(reading => reading.Measure));
        Assert.Equal(
            ["psi", "psi_corrected", "chi2", "js", "missing_rate", "unseen_rate", "violation_rate"],
            readings.Where(reading => reading.Column == "country").Select(reading => reading.Measure));
        Assert.All(readings, reading => Assert.Equal(ReadingStatus.Ok, reading.Status));
        Assert.DoesNotContain(readings, reading => reading.Verdict > Verdict.Ok);
    }

    [Fact]
    public void A_shift_is_critical_and_says_where_the_mass_went()
    {
        var random = new Random(1);
        var reference = Reference(random.Normals(10_000), Enumerable.Repeat<string?>("DE", 10_000));
        var current = Window(reference, random.Normals(2000, shift: 1), Enumerable.Repeat<string?>("DE", 2000));
        var readings = Comparison.Compare(reference, current);
        foreach (var name in (string[])["psi", "psi_corrected", "ks"])
        {
            var reading = Find(readings, "amount", name);
            Assert.Equal(Verdict.Critical, reading.Verdict);
            Assert.True(reading.PAdjusted < 1e-10);
            Assert.Equal(2000, reading.Rows);
        }
        var cells = Find(readings, "amount", "psi").Detail!.Cells;
        Assert.Equal(Find(readings, "amount", "psi").Value, cells.Sum(cell => cell.Contribution), 12);
        Assert.Equal(cells.OrderByDescending(cell => cell.Contribution), cells);
        Assert.Equal(5, Find(readings, "amount", "ks").Detail!.Cells.Count);
        Assert.All(readings.Where(reading => reading.Column == "country"), reading => Assert.True(reading.Verdict <= Verdict.Ok));
    }

    [Fact]
    public void A_constant_reference_is_not_blind()
    {
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("c"))).Add("c", Enumerable.Repeat(0.0034, 5000).ToArray()).ToProfile();
        var current = ProfileBuilder.ForWindow(reference).Add("c", new Random(2).Normals(3000, 0.0034, 0.001)).ToProfile();
        var readings = Comparison.Compare(reference, current);
        Assert.Equal(Verdict.Critical, Find(readings, "c", "psi_corrected").Verdict);
        Assert.Equal(Verdict.Critical, Find(readings, "c", "ks").Verdict);
        Assert.Equal(Verdict.Critical, Find(readings, "c", "out_of_range_rate").Verdict);
        Assert.Contains(Find(readings, "c", "psi").Detail!.Cells, cell => cell.Cell is "above" or "below");
    }

    [Fact]
    public void A_constant_column_that_stays_is_quiet()
    {
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("c"))).Add("c", Enumerable.Repeat(7.0, 5000).ToArray()).ToProfile();
        var current = ProfileBuilder.ForWindow(reference).Add("c", Enumerable.Repeat(7.0, 3000).ToArray()).ToProfile();
        Assert.All(Comparison.Compare(reference, current), reading =>
        {
            Assert.Equal(ReadingStatus.Ok, reading.Status);
            Assert.True(reading.Verdict <= Verdict.Ok);
            Assert.Equal(0, reading.Value);
        });
    }

    [Fact]
    public void Too_few_rows_give_values_but_no_verdict_and_say_what_is_missing()
    {
        var (reference, _) = Stable(5000, 10);
        var current = Window(reference, new Random(4).Normals(150, 3), Enumerable.Repeat<string?>("XX", 150));
        var psi = Find(Comparison.Compare(reference, current), "amount", "psi");
        Assert.Equal(ReadingStatus.InsufficientData, psi.Status);
        Assert.Equal(Verdict.None, psi.Verdict);
        Assert.True(psi.Value > 1);
        Assert.Null(psi.PAdjusted);
        var needed = Power.RowsNeeded(5000, psi.Detail!.Cells.Count)!.Value;
        Assert.Contains(new KeyValuePair<string, double>("missing_rows", needed - 150), psi.Detail.Numbers);
        Assert.Contains($"{needed - 150} are missing", psi.Detail.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_too_small_says_the_least_floor_it_can_judge()
    {
        var (reference, current) = Stable(150, 5000);
        var psi = Find(Comparison.Compare(reference, current), "amount", "psi");
        Assert.Equal(ReadingStatus.InsufficientData, psi.Status);
        Assert.Contains("too few for any window", psi.Detail!.Reason, StringComparison.Ordinal);
        Assert.Contains(psi.Detail.Numbers, number => number.Key == "least_floor" && number.Value > 0.1);
    }

    [Fact]
    public void An_all_null_column_is_missing_and_has_no_drift_value()
    {
        var (reference, _) = Stable(5000, 10);
        var current = ProfileBuilder.ForWindow(reference).Add("country", Enumerable.Repeat<string?>("DE", 1000));
        current.AddNull(0, 1000);
        var readings = Comparison.Compare(reference, current.ToProfile());
        Assert.Equal(Verdict.Critical, Find(readings, "amount", "missing_rate").Verdict);
        Assert.Equal(1, Find(readings, "amount", "missing_rate").Value);
        Assert.Equal(0, Find(readings, "amount", "missing_rate").ReferenceValue);
        Assert.Equal(ReadingStatus.InsufficientData, Find(readings, "amount", "psi").Status);
        Assert.True(double.IsNaN(Find(readings, "amount", "ks").Value));
    }

    [Fact]
    public void Id_time_truth_and_service_are_never_compared()
    {
        ColumnRole[] roles = [ColumnRole.Id, ColumnRole.Time, ColumnRole.Truth, ColumnRole.Service, ColumnRole.Ignore, ColumnRole.Score, ColumnRole.Prediction, ColumnRole.Segment];
        var specs = roles.Select(role => ColumnSpec.Numeric(role.ToString(), role)).ToArray();
        var random = new Random(8);
        Table Rows(int count, double shift) => new(specs.Select(spec => new NumericColumn(spec, random.Normals(count, shift))));
        var readings = Comparison.Compare(Rows(3000, 0), Rows(3000, 2));
        Assert.Equal(["Prediction", "Score", "Segment"], readings.Select(reading => reading.Column).Distinct().Order());
        Assert.Equal(ColumnRole.Score, Find(readings, "Score", "psi").Role);
    }

    [Fact]
    public void A_column_that_one_side_lacks_is_one_violation()
    {
        var random = new Random(9);
        Table Rows(params string[] names) => new(names.Select(name => new NumericColumn(ColumnSpec.Numeric(name), random.Normals(1000))));
        var readings = Comparison.Compare(Rows("a", "gone"), Rows("a", "new"));
        foreach (var name in (string[])["gone", "new"])
        {
            var only = Assert.Single(readings, reading => reading.Column == name);
            Assert.Equal(("violation_rate", 1.0, Verdict.Critical), (only.Measure, only.Value, only.Verdict));
        }
        Assert.Contains("the current side has no such column", Assert.Single(readings, reading => reading.Column == "gone").Detail!.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Find(readings, "a", "violation_rate").Value);
    }

    [Fact]
    public void Text_in_a_numeric_column_is_a_violation()
    {
        var spec = ColumnSpec.Numeric("x");
        var numbers = new Table([new NumericColumn(spec, new Random(1).Normals(1000))]);
        var text = new Table([CategoricalColumn.Of(ColumnSpec.Categorical("x"), [.. Enumerable.Range(0, 500).Select(i => i.ToString())])]);
        var readings = Comparison.Compare(numbers, text);
        Assert.Equal((1.0, Verdict.Critical), (Find(readings, "x", "violation_rate").Value, Find(readings, "x", "violation_rate").Verdict));
        Assert.Equal(0, Find(readings, "x", "missing_rate").Value);
    }

    [Fact]
    public void A_column_that_cannot_be_compared_fails_alone()
    {
        var two = Schema.Of(ColumnSpec.Numeric("bad"), ColumnSpec.Numeric("good"));
        var random = new Random(12);
        Profile Build() => ProfileBuilder.ForReference(two).Add("bad", random.Normals(1000)).Add("good", Enumerable.Range(0, 1000).Select(i => (double)(i % 7)).ToArray()).ToProfile();
        var readings = Comparison.Compare(Build(), Build()); // each with edges of its own
        var failed = Find(readings, "bad", "psi");
        Assert.Equal(ReadingStatus.Failed, failed.Status);
        Assert.Contains("different cells", failed.Detail!.Reason, StringComparison.Ordinal);
        Assert.Equal(ReadingStatus.Ok, Find(readings, "bad", "missing_rate").Status);
        Assert.Equal(ReadingStatus.Ok, Find(readings, "good", "psi").Status);
    }

    [Fact]
    public void An_identifier_is_said_once()
    {
        var ids = Enumerable.Range(0, 2000).Select(i => (string?)$"id-{i}").ToArray();
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Categorical("id"))).Add("id", ids).ToProfile();
        var current = ProfileBuilder.ForWindow(reference).Add("id", ids[..500]).ToProfile();
        var said = Assert.Single(Comparison.Compare(reference, current), reading => reading.Status == ReadingStatus.NotApplicable);
        Assert.Contains("identifier-like", said.Detail!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_measures_that_a_column_cannot_have_say_so()
    {
        var (reference, current) = Stable(5000, 2000);
        var readings = Comparison.Compare(reference, current, new() { Measures = ["ks", "unseen_rate", "rows"] });
        Assert.Equal(ReadingStatus.NotApplicable, Find(readings, "country", "ks").Status);
        Assert.Equal(ReadingStatus.NotApplicable, Find(readings, "amount", "unseen_rate").Status);
        Assert.Equal((2000.0, 5000.0), (Find(readings, "", "rows").Value, Find(readings, "", "rows").ReferenceValue));
        Assert.Throws<ArgumentException>(() => Comparison.Compare(reference, current, new() { Measures = ["PSI"] }));
        Assert.Throws<ArgumentException>(() => Comparison.Compare(reference, current, new() { Columns = ["nope"] }));
        Assert.Equal(["country"], Comparison.Compare(reference, current, new() { Columns = ["country"] }).Select(reading => reading.Column).Distinct());
    }

    internal static Reading Find(IReadOnlyList<Reading> readings, string column, string measure) =>
        Assert.Single(readings, reading => reading.Column == column && reading.Measure == measure);

    static Profile Reference(double[] amounts, IEnumerable<string?> countries) => ProfileBuilder.ForReference(Schema).Add("amount", amounts).Add("country", countries).ToProfile();

    static Profile Window(Profile reference, double[] amounts, IEnumerable<string?> countries) =>
        ProfileBuilder.ForWindow(reference).Add("amount", amounts).Add("country", countries).ToProfile();

    static (Profile, Profile) Stable(int n, int m)
    {
        var random = new Random(3);
        IEnumerable<string?> Countries(int count) => Enumerable.Range(0, count).Select(_ => (string?)(random.Next(3) switch { 0 => "DE", 1 => "FR", _ => "IT" })).ToArray();
        var reference = Reference(random.Normals(n), Countries(n));
        return (reference, Window(reference, random.Normals(m), Countries(m)));
    }
}
