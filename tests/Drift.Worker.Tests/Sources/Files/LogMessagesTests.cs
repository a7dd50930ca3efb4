using System.Text;
using System.Text.Json;
using Drift.Worker.Sources.Files;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Sources.Files;

public sealed class LogMessagesTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    static string Text(Outgoing message) => Encoding.UTF8.GetString(message.Value);

    static RecordMapping Mapping(params (string Column, ColumnRole Role)[] roles) => new()
    {
        Model = "m",
        Version = "3",
        Columns = new ReadOptions { Roles = roles.ToDictionary(r => r.Column, r => r.Role) },
    };

    [Fact]
    public void Rows_of_a_csv_file_become_native_records_and_every_other_column_a_feature()
    {
        var path = folder.File("x.csv", "key,ts,amount,code,flag,land,p,y\nr-1,2026-01-01 01:02:03.5,12.50,007,True,\"D\"\"E\",0.25,1\nr-2,2026-01-01,NaN,x1,false,,,\n");
        var mapping = Mapping(("key", ColumnRole.Id), ("p", ColumnRole.Prediction), ("y", ColumnRole.Truth));
        var messages = LogMessages.OfCsv(path, mapping).ToList();
        Assert.Equal(["r-1", "r-2"], messages.Select(m => m.Key));
        Assert.Equal("""{"ts":"2026-01-01T01:02:03.5Z","id":"r-1","model":"m","version":"3","features":{"amount":12.5,"code":"007","flag":true,"land":"D\u0022E"},"prediction":0.25,"truth":1}""", Text(messages[0]));
        Assert.Equal("""{"ts":"2026-01-01T00:00:00Z","id":"r-2","model":"m","version":"3","features":{"amount":"NaN","code":"x1","flag":false,"land":null},"prediction":null}""", Text(messages[1]));
    }

    [Fact]
    public void Scores_go_out_under_their_class()
    {
        var path = folder.File("x.csv", "timestamp,a,pa,pb\n2026-01-01,1,0.25,0.75\n");
        var mapping = Mapping(("pa", ColumnRole.Score), ("pb", ColumnRole.Score)) with { Scores = [("yes", "pa"), (null, "pb")] };
        Assert.Equal("""{"ts":"2026-01-01T00:00:00Z","model":"m","version":"3","features":{"a":1},"scores":{"yes":0.25,"pb":0.75}}""", Text(LogMessages.OfCsv(path, mapping).Single()));
    }

    [Fact]
    public void Numbers_survive_bit_by_bit()
    {
        double[] values = [0.1, 1 / 3.0, double.Epsilon, double.MaxValue, -0.0, 12345678901234567, double.PositiveInfinity, double.NegativeInfinity];
        var path = folder.File("x.csv", "ts,a\n" + string.Concat(values.Select(v => $"2026-01-01,{v:R}\n")));
        var back = LogMessages.OfCsv(path, Mapping()).Select(m =>
        {
            using var document = JsonDocument.Parse(m.Value);
            Assert.True(JsonNumber.TryRead(document.RootElement.GetProperty("features").GetProperty("a"), out var value) || document.RootElement.GetProperty("features").GetProperty("a").TryGetDouble(out value));
            return value;
        });
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), back.Select(BitConverter.DoubleToInt64Bits));
    }

    [Theory]
    [InlineData("a\n1\n", "which column is the time of the row? give --ts COL (it has a)")]
    [InlineData("ts,a\n2026-01-01,1\nyesterday,2\n", "line 3: column 'ts': 'yesterday' is no ISO 8601 time")]
    [InlineData("ts,a\n2026-01-01,1\n2026-01-01,2,3\n", "line 3: 3 fields")]
    public void What_cannot_become_a_record_is_named(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => LogMessages.OfCsv(folder.File("x.csv", text), Mapping()).Count()).Message, StringComparison.Ordinal);

    [Fact]
    public void Lines_go_out_byte_for_byte_whatever_they_hold()
    {
        string[] lines = ["{\"id\":\"r-1\",\"x\":1e2}", "{\"id\":7}", "not json", "[1,2]", "{\"a\":", "{\"body\":{},\"headers\":1}"];
        var messages = LogMessages.OfJson(folder.File("x.jsonl", string.Join("\r\n\n", lines))).ToList();
        Assert.Equal(lines, messages.Select(Text));
        Assert.Equal(["r-1", null, null, null, null, null], messages.Select(m => m.Key));
    }

    [Fact]
    public void A_line_of_headers_and_body_is_one_message_in_binary_mode()
    {
        var message = LogMessages.OfJson(folder.File("x.jsonl", """{"headers":{"Ce-Type":"request","Ce-Requestid":"1a"},"body": {"data": [1, 2]}}""")).Single();
        Assert.Equal("""{"data": [1, 2]}""", Text(message));
        Assert.Equal("1a", message.Key);
        Assert.Equal([new("Ce-Type", "request"), new("Ce-Requestid", "1a")], message.Headers);
    }

    [Fact]
    public void A_json_file_is_one_message() =>
        Assert.Equal("{\n \"a\": 1\n}", Text(LogMessages.OfJson(folder.File("x.json", "{\n \"a\": 1\n}")).Single()));
}
