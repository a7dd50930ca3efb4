using System.Text;

namespace Drift.Core.Tests.PredictionLog;

public sealed class RecordReaderTests
{
    static readonly long now = new DateTime(2026, 11, 20, 20, 7, 0, DateTimeKind.Utc).Ticks;

    static readonly ColumnSpec[] columns =
    [
        ColumnSpec.Numeric("amount"), ColumnSpec.Categorical("country"), ColumnSpec.Numeric("answer", ColumnRole.Prediction),
        ColumnSpec.Numeric("score_fraud", ColumnRole.Score), ColumnSpec.Numeric("score_ok", ColumnRole.Score), ColumnSpec.Numeric("latency_ms", ColumnRole.Service),
        ColumnSpec.Categorical("error", ColumnRole.Service), ColumnSpec.Numeric("metric_revenue", ColumnRole.Service), ColumnSpec.Categorical("channel", ColumnRole.Segment),
        ColumnSpec.Numeric("label", ColumnRole.Truth), ColumnSpec.Categorical("flag"),
    ];

    static readonly RecordLayout fraud = new("fraud", columns, name => name == "flag" ? ["True", "False"] : null);

    static RecordReader Reader(RecordLimits? limits = null) => new(new RecordLayouts([fraud, new RecordLayout("größe", [])]), limits);

    static RecordOutcome Read(RecordReader reader, string json) => reader.Read(Encoding.UTF8.GetBytes(json), now);

    static string Record(string features = "{}", string rest = "", string ts = "\"2026-11-20T20:00:00Z\"") =>
        $$"""{"ts":{{ts}},"model":"fraud","features":{{features}}{{(rest == "" ? "" : "," + rest)}}}""";

    /// <summary>The row as text, column by column: what every rule can be read off.</summary>
    static string Cells(RecordReader reader) => string.Join(" ", columns.Select((c, i) => reader.Row[i] switch
    {
        Cell.Null => "-",
        Cell.Mismatched => "!",
        _ when c.Kind == ColumnKind.Numeric => reader.Row.Number(i).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => $"'{Encoding.UTF8.GetString(reader.Row.Text(i))}'",
    }));

    static string Row(string json)
    {
        var reader = Reader();
        Assert.Equal(RecordOutcome.Ok, Read(reader, json));
        return Cells(reader);
    }

    [Fact]
    public void Reads_the_documented_record()
    {
        var reader = Reader();
        var outcome = Read(reader, """
            {"ts":"2026-11-20T20:07:00.123Z","id":"r-1","model":"fraud","version":"3","features":{"amount":12.5,"country":"DE","age":null},
             "prediction":0.93,"scores":{"fraud":0.93,"ok":0.07},"latency_ms":12.3,"error":null,"segments":{"channel":"web"},"metrics":{"revenue":3.2},"truth":1}
            """);
        Assert.Equal(RecordOutcome.Ok, outcome);
        Assert.Equal("12.5 'DE' 0.93 0.93 0.07 12.3 - 3.2 'web' 1 -", Cells(reader));
        Assert.Equal(("3", "r-1", now + 1_230_000, "fraud"), (reader.Version, Encoding.UTF8.GetString(reader.Id), reader.Time, reader.Layout!.Model));
    }

    [Fact]
    public void Needs_only_time_model_and_features_in_any_order()
    {
        var reader = Reader();
        Assert.Equal(RecordOutcome.Ok, Read(reader, """{"features":{"amount":1},"unknown":[{"a":1}],"model":"fraud","ts":"2026-11-20T20:00:00Z"}"""));
        Assert.Equal("1 - - - - - - - - - -", Cells(reader));
        Assert.Equal(("", 0), (reader.Version, reader.Id.Length));
    }

    [Theory]
    [InlineData("""{"amount":"NaN"}""", "NaN")]
    [InlineData("""{"amount":"Infinity"}""", "Infinity")]
    [InlineData("""{"amount":"-Infinity"}""", "-Infinity")]
    [InlineData("""{"amount":-0.0}""", "0")]
    [InlineData("""{"amount":1e400}""", "Infinity")]
    [InlineData("""{"amount":0.1}""", "0.1")]
    [InlineData("""{"amount":"12.5"}""", "!")]
    [InlineData("""{"amount":true}""", "!")]
    [InlineData("""{"amount":[1]}""", "!")]
    [InlineData("""{"amount":{"a":1}}""", "!")]
    [InlineData("""{"amount":null}""", "-")]
    [InlineData("""{}""", "-")]
    [InlineData("""{"amount":1,"amount":2}""", "2")]
    [InlineData("""{"amount":1,"amount":null}""", "-")]
    [InlineData("""{"am\u006funt":7}""", "7")]
    public void Numeric_cells(string features, string first) => Assert.Equal(first, Row(Record(features)).Split(' ')[0]);

    [Theory]
    [InlineData("""{"country":"DE"}""", "'DE'")]
    [InlineData("""{"country":""}""", "''")]
    [InlineData("""{"country":"\u00dc\n"}""", "'Ü\n'")]
    [InlineData("""{"country":"NaN"}""", "'NaN'")]
    [InlineData("""{"country":1.50}""", "'1.50'")]
    [InlineData("""{"country":true}""", "'true'")]
    [InlineData("""{"country":[]}""", "!")]
    [InlineData("""{"country":null}""", "-")]
    [InlineData("""{"country":"a","country":"b"}""", "'b'")]
    public void Categorical_cells(string features, string second) => Assert.Equal(second, Row(Record(features)).Split(' ')[1]);

    [Fact]
    public void Truth_values_are_spelled_as_the_reference_spells_them()
    {
        Assert.EndsWith("'True'", Row(Record("""{"flag":true}""")), StringComparison.Ordinal);
        Assert.EndsWith("'False'", Row(Record("""{"flag":false}""")), StringComparison.Ordinal);
    }

    [Fact]
    public void Special_members_win_over_features_of_the_same_column()
    {
        Assert.Equal("- - 0.5 - - - - - - - -", Row(Record("""{"answer":0.5}""")));
        Assert.Equal("- - 0.9 - - - - - - - -", Row(Record("""{"answer":0.5}""", "\"prediction\":0.9")));
        Assert.Equal("- - - - - - - - - - -", Row(Record("{}", "\"prediction\":[\"a\",\"b\"]")));
    }

    [Fact]
    public void A_lone_score_meets_a_lone_score_column()
    {
        var reader = new RecordReader(new RecordLayouts([new RecordLayout("fraud", [ColumnSpec.Numeric("y_pred_proba", ColumnRole.Score)])]));
        Assert.Equal(RecordOutcome.Ok, Read(reader, Record("{}", "\"scores\":{\"1\":0.25}")));
        Assert.Equal(0.25, reader.Row.Number(0));
        Assert.Equal(RecordOutcome.Ok, Read(reader, Record("{}", "\"scores\":{\"1\":0.25,\"0\":0.75}")));
        Assert.Equal(Cell.Null, reader.Row[0]);
    }

    [Fact]
    public void A_score_meets_the_column_of_its_class_by_name_by_ending_or_as_the_reference_says()
    {
        ColumnSpec[] columns = [ColumnSpec.Numeric("p_card_a", ColumnRole.Score), ColumnSpec.Numeric("p_card_b", ColumnRole.Score), ColumnSpec.Numeric("third", ColumnRole.Score)];
        double[] Scores(IReadOnlyDictionary<string, string>? named, string scores)
        {
            var reader = new RecordReader(new RecordLayouts([new RecordLayout("fraud", columns, scoreColumns: named)]));
            Assert.Equal(RecordOutcome.Ok, Read(reader, Record("{}", $"\"scores\":{{{scores}}}")));
            var row = reader.Row;
            return [row.Number(0), row.Number(1), row.Number(2)];
        }

        Assert.Equal([0.1, 0.2, 0.7], Scores(null, "\"card_a\":0.1,\"card_b\":0.2,\"third\":0.7"));
        Assert.Equal([0.1, 0.2, 0.7], Scores(null, "\"a\":0.1,\"b\":0.2,\"third\":0.7"));
        var named = new Dictionary<string, string> { ["x"] = "p_card_b", ["card_a"] = "third", ["gone"] = "no such column" };
        Assert.Equal([0.3, 0.1, 0.2], Scores(named, "\"x\":0.1,\"card_a\":0.2,\"p_card_a\":0.3"));
    }

    [Theory]
    [InlineData("", RecordReason.NotJson)]
    [InlineData("{", RecordReason.NotJson)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"fraud","features":{}} x""", RecordReason.NotJson)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"fraud","features":{"amount":NaN}}""", RecordReason.NotJson)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"fraud","features":{"amount":01}}""", RecordReason.NotJson)]
    [InlineData("[]", RecordReason.NotObject)]
    [InlineData("7", RecordReason.NotObject)]
    [InlineData("""{"model":"fraud","features":{}}""", RecordReason.NoTime)]
    [InlineData("""{"ts":null,"model":"fraud","features":{}}""", RecordReason.NoTime)]
    [InlineData("""{"ts":"yesterday","model":"fraud","features":{}}""", RecordReason.BadTime)]
    [InlineData("""{"ts":1.5,"model":"fraud","features":{}}""", RecordReason.BadTime)]
    [InlineData("""{"ts":{},"model":"fraud","features":{}}""", RecordReason.BadTime)]
    [InlineData("""{"ts":99999999999999999,"model":"fraud","features":{}}""", RecordReason.BadTime)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","features":{}}""", RecordReason.NoModel)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"","features":{}}""", RecordReason.BadModel)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":3,"features":{}}""", RecordReason.BadModel)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"fraud"}""", RecordReason.NoFeatures)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"fraud","features":[1]}""", RecordReason.BadFeatures)]
    [InlineData("""{"ts":"2026-11-20T20:00:00Z","model":"fraud","features":{"country":"\ud800"}}""", RecordReason.BadText)]
    public void Invalid_by_reason(string json, string reason) => Assert.Equal(RecordOutcome.Invalid(reason), Read(Reader(), json));

    [Fact]
    public void Bytes_that_are_not_utf_8_are_invalid()
    {
        var bytes = Encoding.Latin1.GetBytes(Record("""{"country":"Ü"}"""));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.NotUtf8), Reader().Read(bytes, now));
    }

    [Fact]
    public void Unknown_models_are_skipped_whatever_else_is_wrong()
    {
        Assert.Equal(RecordOutcome.Skipped(RecordReason.UnknownModel), Read(Reader(), """{"ts":"2026-11-20T20:00:00Z","model":"other","features":{}}"""));
        Assert.Equal(RecordOutcome.Skipped(RecordReason.UnknownModel), Read(Reader(), """{"ts":"never","model":"other"}"""));
        Assert.Equal(RecordOutcome.Ok, Read(Reader(), """{"ts":"2026-11-20T20:00:00Z","model":"gr\u00f6\u00dfe","features":{}}"""));
    }

    [Fact]
    public void Five_minutes_ahead_are_allowed_and_no_tick_more()
    {
        Assert.Equal(RecordOutcome.Ok, Read(Reader(), Record(ts: "\"2026-11-20T20:12:00Z\"")));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.Future), Read(Reader(), Record(ts: "\"2026-11-20T20:12:00.0000001Z\"")));
        Assert.Equal(RecordOutcome.Ok, Read(Reader(), Record(ts: "\"1999-01-01\"")));
    }

    [Fact]
    public void Whole_numbers_of_time_have_the_configured_unit()
    {
        var reader = Reader(new RecordLimits { TimeUnit = TimeUnit.Seconds });
        Assert.Equal(RecordOutcome.Ok, Read(reader, Record(ts: "1700000000")));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).UtcTicks, reader.Time);
    }

    [Fact]
    public void An_escaped_offset_is_read()
    {
        var reader = Reader();
        Assert.Equal(RecordOutcome.Ok, Read(reader, Record(ts: "\"2026-11-20T21:07:00\\u002B01:00\"")));
        Assert.Equal(now, reader.Time);
    }

    [Fact]
    public void Limits_hold_at_their_value_and_break_one_above()
    {
        var limits = new RecordLimits { Depth = 4, Features = 2, TextBytes = 10, MessageBytes = 200 };
        Assert.Equal(RecordOutcome.Ok, Read(Reader(limits), Record("""{"a":[[1]],"b":1}""")));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.TooDeep), Read(Reader(limits), Record("""{"a":[[[1]]]}""")));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.TooManyFeatures), Read(Reader(limits), Record("""{"a":1,"b":1,"c":1}""")));
        Assert.Equal(RecordOutcome.Ok, Read(Reader(limits), Record("{}", "\"id\":\"12345678\"")));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.TooLong), Read(Reader(limits), Record("{}", "\"id\":\"123456789\"")));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.TooLong), Read(Reader(limits), Record("{}", "\"version\":\"123456789\"")));
        Assert.Equal(RecordOutcome.Ok, Read(Reader(limits), Record().PadRight(200)));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.TooLarge), Read(Reader(limits), Record().PadRight(201)));
    }

    [Fact]
    public void Ids_and_versions_may_be_numbers()
    {
        var reader = Reader();
        Assert.Equal(RecordOutcome.Ok, Read(reader, Record("{}", "\"id\":42,\"version\":3")));
        Assert.Equal(("3", "42"), (reader.Version, Encoding.UTF8.GetString(reader.Id)));
        Assert.Equal(RecordOutcome.Ok, Read(reader, Record("{}", "\"id\":[],\"version\":{}")));
        Assert.Equal(("", 0), (reader.Version, reader.Id.Length));
    }

    [Fact]
    public void An_invalid_record_still_tells_its_model()
    {
        var reader = Reader();
        Assert.Equal(RecordStatus.Invalid, Read(reader, """{"model":"fraud","features":{}}""").Status);
        Assert.Same(fraud, reader.Layout);
        Assert.Equal(RecordStatus.Invalid, Read(reader, "{").Status);
        Assert.Null(reader.Layout);
    }

    [Fact]
    public void Mutated_messages_never_throw_and_leave_the_reader_usable()
    {
        var good = Encoding.UTF8.GetBytes(Record("""{"amount":12.5,"country":"D\u00cb","flag":true}""", "\"prediction\":0.9,\"scores\":{\"ok\":1e-7},\"id\":\"x\",\"version\":\"2\""));
        var reader = Reader();
        var random = new Random(7);
        var invalid = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = good.AsSpan(0, random.Next(4) == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var n = random.Next(4); n > 0 && bytes.Length > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (reader.Read(bytes, now).Status == RecordStatus.Invalid) invalid++;
        }
        Assert.InRange(invalid, 10_000, 49_000);
        Assert.Equal(RecordOutcome.Ok, reader.Read(good, now));
        Assert.Equal("12.5 'DË' 0.9 - 1E-07 - - - - - 'True'", Cells(reader));
    }
}
