using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Reports;

public sealed class ReadingFormatTests
{
    [Fact]
    public void The_members_stand_as_the_contract_says()
    {
        var reading = new Reading
        {
            Measure = "psi", Column = "amount", Segment = "country=DE", Value = 0.1, PValue = 1e-300, PAdjusted = double.NaN, Rows = 12, Verdict = Verdict.Critical,
            Status = ReadingStatus.InsufficientData,
            Detail = new() { Reason = "why", Lower = double.NegativeInfinity, Cells = [new("1..2", 0.25, 0.5, 0.17)], Numbers = [new("dof", 9)] },
        };
        Assert.Equal(
            """{"measure":"psi","column":"amount","segment":"country=DE","value":0.1,"reference_value":null,"p_value":1E-300,"p_adjusted":"NaN","rows":12,"status":"insufficient_data","verdict":"critical","""
            + """ "detail":{"reason":"why","lower":"-Infinity","dof":9,"cells":[{"cell":"1..2","reference":0.25,"current":0.5,"contribution":0.17}]}}""".TrimStart(),
            ReadingFormat.ToJson(reading));
    }

    [Fact]
    public void Role_and_kind_stand_only_where_they_are_not_the_obvious_ones()
    {
        var json = ReadingFormat.ToJson(new() { Measure = "missing_rate", Role = ColumnRole.Prediction, Kind = ReadingKind.Quality, Value = 1 });
        Assert.Contains("\"role\":\"prediction\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"kind\"", json, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"service\"", ReadingFormat.ToJson(new() { Measure = "missing_rate", Kind = ReadingKind.Service }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_reads_back_the_same() =>
        Prop.ForAll(Readings, reading =>
        {
            var json = ReadingFormat.ToJson(reading);
            var back = Read(json);
            return ReadingFormat.ToJson(back) == json && back with { Detail = null } == reading with { Detail = null }
                && (back.Detail is null) == (reading.Detail is null)
                && (back.Detail?.Cells ?? []).SequenceEqual(reading.Detail?.Cells ?? []) && (back.Detail?.Numbers ?? []).SequenceEqual(reading.Detail?.Numbers ?? []);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("{}", "measure")]
    [InlineData("[]", "object")]
    [InlineData("{\"measure\":5}", "'measure' must be text")]
    [InlineData("{\"measure\":\"psi\",\"value\":\"much\"}", "'value' must be a number")]
    [InlineData("{\"measure\":\"psi\",\"rows\":1.5}", "'rows' must be a whole number")]
    [InlineData("{\"measure\":\"psi\",\"status\":\"fine\"}", "insufficient_data")]
    [InlineData("{\"measure\":\"psi\",\"colour\":1}", "no member 'colour'")]
    [InlineData("{\"measure\":\"psi\",\"detail\":{\"cells\":5}}", "'cells' must be an array")]
    [InlineData("{\"measure\":\"psi\"", "")]
    [InlineData("{\"measure\":\"psi\",", "not JSON")]
    public void What_is_no_reading_is_refused_by_name(string json, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_extension_member_is_passed_over() => Assert.Equal("psi", Read("{\"x-note\":{\"a\":[1]},\"measure\":\"psi\"}").Measure);

    [Fact]
    public void A_number_cannot_take_another_members_name() =>
        Assert.Throws<ArgumentException>(() => ReadingFormat.ToJson(new() { Measure = "psi", Detail = new() { Numbers = [new("lower", 1)] } }));

    [Fact]
    public void A_list_reads_back()
    {
        var reader = new Utf8JsonReader("[{\"measure\":\"psi\"},{\"measure\":\"f1\"}]"u8);
        Assert.Equal(["psi", "f1"], ReadingFormat.ReadAll(ref reader).Select(reading => reading.Measure));
    }

    static Reading Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        return ReadingFormat.Read(ref reader);
    }

    static readonly Gen<double> Numbers = Gen.Frequency(
        (5, ArbMap.Default.GeneratorFor<double>()), (1, Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -0.0, 1e308, 0.1 + 0.2)));

    static readonly Gen<double?> Maybe = Gen.Frequency((1, Gen.Constant<double?>(null)), (2, Numbers.Select(x => (double?)x)));

    static readonly Gen<string> Texts = Gen.Elements("", "amount", "a \"b\" \\ </script>", "\u0000\u202e", "größe\n", "x=y");

    static readonly Arbitrary<Reading> Readings = (
        from measure in Gen.Elements("psi", "missing_rate", "f1", "p99_ms", "metric_revenue_mean", "estimated_auc")
        from column in Texts
        from segment in Texts
        from value in Numbers
        from maybe in Maybe.ArrayOf(5)
        from choice in Gen.Choose(0, 10_000)
        from cells in (from name in Texts from shares in Numbers.ArrayOf(3) select new CellShare(name, shares[0], shares[1], shares[2])).ArrayOf()
        from numbers in Numbers.Select(x => new KeyValuePair<string, double>("n", x)).ArrayOf(1)
        select new Reading
        {
            Measure = measure, Column = column, Segment = segment, Value = value, ReferenceValue = maybe[0], PValue = maybe[1], PAdjusted = maybe[2], Rows = choice * 77L,
            Role = (ColumnRole)(choice % 9), Kind = (ReadingKind)(choice / 9 % 4), Status = (ReadingStatus)(choice / 36 % 4), Verdict = (Verdict)(choice / 144 % 4),
            Detail = choice % 3 == 0 ? null : new() { Reason = column, Recipe = "evidently", Class = segment, Lower = maybe[3], Upper = maybe[4], Cells = cells, Numbers = numbers },
        }).ToArbitrary();
}
