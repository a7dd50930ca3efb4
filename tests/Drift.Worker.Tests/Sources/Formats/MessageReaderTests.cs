using System.Globalization;
using System.Text;
using Drift.Worker.Sources.Formats;

namespace Drift.Worker.Tests.Sources.Formats;

/// <summary>Each format to the rows it means, message by message.</summary>
public sealed class MessageReaderTests
{
    const string At = "2026-01-01T00:00:00Z";
    static readonly long now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    static readonly RecordLayouts layouts = new([new RecordLayout("iris",
    [
        ColumnSpec.Numeric("a"), ColumnSpec.Numeric("b"), ColumnSpec.Categorical("c"), ColumnSpec.Categorical("prediction", ColumnRole.Prediction),
        ColumnSpec.Numeric("score_0", ColumnRole.Score), ColumnSpec.Numeric("score_1", ColumnRole.Score),
    ])]);

    static MessageReader Reader(LogOptions? options = null, RecordLimits? limits = null) => new(layouts, limits ?? new RecordLimits(), options ?? LogOptions.Default, "t");

    static List<string> Rows(MessageReader reader, RecordOutcome outcome)
    {
        var rows = new List<string>();
        for (RecordOutcome? next = outcome; next is { } row; next = reader.NextRow())
        {
            Assert.Equal(RecordOutcome.Ok, row);
            var cells = layouts.All[0].Columns.Select((c, i) =>
                reader.Record.Row.TryGetNumber(i, out var number) ? number.ToString("R", CultureInfo.InvariantCulture) : reader.Record.Row.TryGetCategory(i, out var text) ? Encoding.UTF8.GetString(text) : "-");
            rows.Add($"{Encoding.UTF8.GetString(reader.Record.Id)} {EventTime.Format(reader.Record.Time)} v{reader.Record.Version}: {string.Join(" ", cells)}");
        }
        return rows;
    }

    static List<string> Read(string json, params (string, string)[] headers)
    {
        using var reader = Reader();
        return Rows(reader, reader.Read(new LogMessage(Encoding.UTF8.GetBytes(json), now, [.. headers.Select(h => KeyValuePair.Create(h.Item1, h.Item2))])));
    }

    static RecordOutcome Outcome(string json, LogOptions? options = null, params (string, string)[] headers)
    {
        using var reader = Reader(options);
        return reader.Read(new LogMessage(Encoding.UTF8.GetBytes(json), now, [.. headers.Select(h => KeyValuePair.Create(h.Item1, h.Item2))]));
    }

    [Fact]
    public void Cloud_events_around_a_native_record_lend_it_their_time_and_id()
    {
        string[] expected = ["e1 2025-12-31T23:00:00Z v2: 1 2 x yes - -"];
        Assert.Equal(expected, Read("""{"specversion":"1.0","type":"any","source":"s","id":"e1","time":"2026-01-01T01:00:00+02:00","data":{"version":"2","features":{"a":1,"b":2,"c":"x"},"prediction":"yes"}}"""));
        Assert.Equal(expected, Read("""{"version":"2","features":{"a":1,"b":2,"c":"x"},"prediction":"yes"}""", ("ce_specversion", "1.0"), ("ce_type", "any"), ("Ce-Id", "e1"), ("ce_time", "2025-12-31T23:00:00Z")));
        var base64 = Convert.ToBase64String("""{"version":"2","features":{"a":1,"b":2,"c":"x"},"prediction":"yes"}"""u8);
        Assert.Equal(expected, Read($$"""{"specversion":"1.0","type":"any","source":"s","id":"e1","time":"2025-12-31T23:00:00Z","data_base64":"{{base64}}"}"""));
        // What the record says itself stays.
        Assert.Equal(["own 2025-12-31T22:00:00Z v: - - - - - -"], Read("""{"specversion":"1.0","type":"any","id":"e1","time":"2025-12-31T23:00:00Z","data":{"id":"own","ts":"2025-12-31T22:00:00Z","model":"iris","features":{}}}"""));
    }

    [Fact]
    public void A_schema_registry_prefix_is_passed_over()
    {
        using var reader = Reader();
        byte[] message = [0, 0, 0, 1, 200, .. """{"ts":"2026-01-01T00:00:00Z","model":"iris","features":{"a":1}}"""u8];
        Assert.Equal([$" {At} v: 1 - - - - -"], Rows(reader, reader.Read(new LogMessage(message, now))));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.NotJson), reader.Read(new LogMessage([0, 0, 0, 0, 9, 2, 6, 97], now)));
        Assert.Equal(RecordOutcome.Invalid(RecordReason.NotJson), reader.Read(new LogMessage([0, 0, 0, 0, 9], now)));
    }

    [Theory]
    [InlineData("""{"instances":[[1,2,"x"],[3,4,"y"]]}""")]
    [InlineData("""{"instances":[{"a":1,"b":2,"c":"x"},{"c":"y","b":4,"a":3}]}""")]
    [InlineData("""{"inputs":{"a":[1,3],"b":[2,4],"c":["x","y"]}}""")]
    [InlineData("""{"dataframe_split":{"columns":["b","a","c"],"data":[[2,1,"x"],[4,3,"y"]]}}""")]
    [InlineData("""{"dataframe_records":[{"a":1,"b":2,"c":"x"},{"a":3,"b":4,"c":"y"}]}""")]
    [InlineData("""{"inputs":[{"name":"a","shape":[2],"datatype":"FP64","data":[1,3]},{"name":"b","shape":[2,1],"datatype":"FP64","data":[[2],[4]]},{"name":"c","shape":[2],"datatype":"BYTES","data":["x","y"]}]}""")]
    [InlineData("""{"data":{"names":["a","b","c"],"ndarray":[[1,2,"x"],[3,4,"y"]]}}""")]
    [InlineData("""{"data":{"tensor":{"shape":[2,3],"values":[1,2,"x",3,4,"y"]}}}""")]
    [InlineData("""{"jsonData":[{"a":1,"b":2,"c":"x"},{"a":3,"b":4,"c":"y"}]}""")]
    public void Bodies_of_servers_without_an_id_are_rows(string body) => Assert.Equal([$" {At} v: 1 2 x - - -", $" {At} v: 3 4 y - - -"], Read(body));

    [Fact]
    public void Inference_protocol_requests_and_responses_meet_by_id()
    {
        using var reader = Reader();
        var request = """{"id":"q","inputs":[{"name":"in","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]}"""u8.ToArray();
        var response = """{"model_name":"iris","model_version":"7","id":"q","outputs":[{"name":"label","shape":[2],"datatype":"BYTES","data":["u","v"]},{"name":"p","shape":[2,2],"datatype":"FP32","data":[0.25,0.75,0.5,0.5]}]}"""u8.ToArray();
        Assert.Equal(RecordOutcome.Ok, reader.Read(new LogMessage(request, now)));
        Assert.Equal((MessageKind.Request, "q"), (reader.Kind, reader.Id));
        Assert.Equal(RecordOutcome.Ok, reader.Read(new LogMessage(response, now)));
        Assert.Equal((MessageKind.Response, "q"), (reader.Kind, reader.Id));
        var rows = Rows(reader, reader.ReadPair(new LogMessage(request, now), new LogMessage(response, now + 1), out var differ));
        Assert.False(differ);
        Assert.Equal([$"q#0 {At} v7: 1 2 3 u - -", $"q#1 {At} v7: 4 5 6 v - -"], rows.Select(r => r.Replace("0.25 0.75", "- -", StringComparison.Ordinal).Replace("0.5 0.5", "- -", StringComparison.Ordinal)));
        Assert.Contains("0.25 0.75", rows[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"observedContentType":"text/csv","data":"1,2,x\n3,,\"y,\"\"z\"\n","encoding":"CSV"}""", """{"observedContentType":"text/csv","data":"u,0.25,0.75\nv,0.5,0.5","encoding":"CSV"}""", "3 - y,\"z")]
    [InlineData("""{"observedContentType":"text/csv","data":"MSwyLHgKMyw0LHk=","encoding":"BASE64"}""", """{"observedContentType":"application/json","data":"eyJwcmVkaWN0aW9ucyI6W3sicHJlZGljdGlvbiI6InUiLCJzY29yZV8wIjowLjI1LCJzY29yZV8xIjowLjc1fSx7InByZWRpY3Rpb24iOiJ2Iiwic2NvcmVfMCI6MC41LCJzY29yZV8xIjowLjV9XX0=","encoding":"BASE64"}""", "3 4 y")]
    [InlineData("""{"observedContentType":"application/jsonlines","data":"{\"features\":[1,2,\"x\"]}\n{\"features\":[3,4,\"y\"]}","encoding":"JSON"}""", """{"observedContentType":"application/jsonlines","data":"{\"predicted_label\":\"u\",\"0\":0.25,\"1\":0.75}\n{\"predicted_label\":\"v\",\"0\":0.5,\"1\":0.5}","encoding":"JSON"}""", "3 4 y")]
    [InlineData("""{"observedContentType":"application/json","data":"[[1,2,\"x\"],[3,4,\"y\"]]","encoding":"JSON"}""", """{"observedContentType":"application/json","data":"[[\"u\",0.25,0.75],[\"v\",0.5,0.5]]","encoding":"JSON"}""", "3 4 y")]
    public void Data_capture_reads_both_bodies_in_their_own_encodings(string input, string output, string second)
    {
        var rows = Read($$$"""{"captureData":{"endpointInput":{{{input}}},"endpointOutput":{{{output}}}},"eventMetadata":{"eventId":"e","inferenceId":"mine","inferenceTime":"2025-12-31T23:59:59Z"},"eventVersion":"0"}""");
        Assert.Equal(["mine#0 2025-12-31T23:59:59Z v: 1 2 x u 0.25 0.75", $"mine#1 2025-12-31T23:59:59Z v: {second} v 0.5 0.5"], rows);
    }

    [Fact]
    public void A_batch_that_is_answered_in_one_line_is_spread() =>
        Assert.Equal([$"e#0 {At} v: 1 2 x u - -", $"e#1 {At} v: 3 4 y v - -"],
            Read($$$"""{"captureData":{"endpointInput":{"data":"1,2,x\n3,4,y","encoding":"CSV"},"endpointOutput":{"data":"u,v","encoding":"CSV"}},"eventMetadata":{"eventId":"e","inferenceTime":"{{{At}}}"}}"""));

    [Fact]
    public void Azure_outputs_meet_inputs_by_their_correlation_and_a_pointer_is_said_to_be_one()
    {
        const string head = """{"specversion":"1.0","id":"ID","source":"/subscriptions/s/onlineEndpoints/iris/deployments/blue","type":"azureml.inference.model_KIND","time":"2026-01-01T00:00:00Z","correlationid":"c","modelversion":"9","data":DATA}""";
        byte[] Message(string kind, string id, string data) => Encoding.UTF8.GetBytes(head.Replace("KIND", kind, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal).Replace("DATA", data, StringComparison.Ordinal));
        using var reader = Reader();
        var rows = Rows(reader, reader.ReadPair(new LogMessage(Message("inputs", "1", """[{"a":1,"b":2,"c":"x"}]"""), now), new LogMessage(Message("outputs", "2", """[{"prediction":"u"}]"""), now), out _));
        Assert.Equal([$"c {At} v9: 1 2 x u - -"], rows);
        Assert.Equal(RecordReason.ExternalData, Outcome("""{"specversion":"1.0","id":"i","source":"/onlineEndpoints/iris/deployments/b","type":"azureml.inference.inputs","dataref":"azureml://x"}""").Reason);
    }

    [Theory]
    [InlineData("""{"instances":[[1,2]]}""", RecordReason.WrongWidth)]
    [InlineData("""{"instances":[[1,2,3,4,5,6,7]]}""", RecordReason.WrongWidth)]
    [InlineData("""{"instances":7}""", RecordReason.BadBody)]
    [InlineData("""{"inputs":{"a":[1],"b":[1,2]}}""", RecordReason.BadBody)]
    [InlineData("""{"inputs":[{"name":"a","shape":[2000000000,2000000000],"datatype":"FP32","data":[1]}]}""", RecordReason.BadBody)]
    [InlineData("""{"inputs":[{"name":"a","shape":[-1,3],"datatype":"FP32","data":[1,2,3]}]}""", RecordReason.BadBody)]
    [InlineData("""{"instances":[[1,2,"x"]],"predictions":[1,2]}""", RecordReason.RowsDiffer)]
    [InlineData("""{"specversion":"1.0","type":"org.kubeflow.serving.inference.request","id":"1","time":"soon","inferenceservicename":"iris","data":{"instances":[[1,2,3]]}}""", RecordReason.BadTime)]
    [InlineData("""{"specversion":"1.0","type":"org.kubeflow.serving.inference.request","id":"1","time":"2027-01-01T00:00:00Z","inferenceservicename":"iris","data":{"instances":[[1,2,3]]}}""", RecordReason.Future)]
    [InlineData("""{"captureData":1,"eventMetadata":{}}""", RecordReason.BadBody)]
    [InlineData("""{"captureData":{"endpointInput":{"data":"!","encoding":"BASE64"}},"eventMetadata":{}}""", RecordReason.BadBody)]
    [InlineData("""{"anything":"else"}""", RecordReason.NoModel)]
    public void What_cannot_be_read_says_why(string json, string reason) => Assert.Equal(RecordOutcome.Invalid(reason), Outcome(json));

    [Theory]
    [InlineData("""{"specversion":"1.0","type":"org.kubeflow.serving.inference.outlier","id":"1","data":{}}""", RecordReason.NotPrediction)]
    [InlineData("""{"specversion":"1.0","type":"org.kubeflow.serving.inference.request","id":"1","inferenceservicename":"other","data":{"instances":[[1]]}}""", RecordReason.UnknownModel)]
    [InlineData("""{"predictions":[1]}""", RecordReason.NoRequest)]
    [InlineData("""{"instances":[]}""", RecordReason.NoRows)]
    public void What_is_no_prediction_is_skipped(string json, string reason) => Assert.Equal(RecordOutcome.Skipped(reason), Outcome(json));

    [Fact]
    public void A_topic_of_one_format_takes_no_other()
    {
        var options = new LogOptions { Formats = new Dictionary<string, string> { ["t"] = "sagemaker" } };
        Assert.Equal(RecordReason.UnknownFormat, Outcome($$$"""{"ts":"{{{At}}}","model":"iris","features":{}}""", options).Reason);
        Assert.Equal(RecordReason.UnknownFormat, Outcome("""{"instances":[[1,2,"x"]]}""", options).Reason);
        Assert.Equal(RecordReason.NoModel, Outcome("""{"instances":[[1,2,"x"]]}""", new LogOptions { Format = "native" }).Reason);
    }

    [Fact]
    public void A_message_has_at_most_so_many_rows()
    {
        Assert.Equal(RecordReason.TooManyRows, Outcome("""{"instances":[[1,2,3],[1,2,3],[1,2,3]]}""", new LogOptions { Rows = 2 }).Reason);
        using var reader = Reader(limits: new RecordLimits { Features = 2 });
        Assert.Equal(RecordReason.TooManyFeatures, reader.Read(new LogMessage("""{"instances":[[1,2,3]]}"""u8, now)).Reason);
    }
}
