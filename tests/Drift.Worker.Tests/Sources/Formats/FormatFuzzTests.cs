using System.Globalization;
using System.Text;
using System.Text.Json;
using Drift.Worker.References;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Stores;
using Drift.Worker.Windows;
using Drift.Worker.Tests.Windows;

namespace Drift.Worker.Tests.Sources.Formats;

/// <summary>
/// Damaged messages of every format through a partition's fold. What surely cannot be read is counted as exactly that; what was changed at random ends as a
/// row, as skipped, as invalid or as waiting, never as an exception; and memory stays bounded.
/// </summary>
public sealed class FormatFuzzTests
{
    sealed record Seed(byte[] Message, params KeyValuePair<string, string>[] Headers);

    static readonly DateTime start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    static readonly Profile reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("a"), ColumnSpec.Numeric("b"), ColumnSpec.Categorical("c"), ColumnSpec.Numeric("prediction", ColumnRole.Prediction)))
        .Add("a", Enumerable.Range(0, 500).Select(i => i / 5.0).ToArray()).Add("b", Enumerable.Range(0, 500).Select(i => i % 7.0).ToArray())
        .Add("c", Enumerable.Range(0, 500).Select(i => "xyz"[i % 3].ToString())).Add("prediction", Enumerable.Range(0, 500).Select(i => i % 2.0).ToArray()).ToProfile();

    static readonly WatchedModels models = new([new WatchedModel("m", Logs.Config() with { Segments = ["c"] }, reference)]);

    static readonly RecordLimits limits = new() { MessageBytes = 64 << 10 };

    static readonly LogOptions options = new() { Waiting = 500, Rows = 1_000, Versions = 50, Windows = 200 };

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static Seed Of(string text, params (string Name, string Value)[] headers) => new(Bytes(text), [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]);

    const string Native = """{"ts":"2026-01-01T00:00:10.5Z","id":"r-1","model":"m","version":"1","features":{"a":1.5,"b":2,"c":"x"},"prediction":1,"latency_ms":2.5}""";

    static Seed Event(string kind, string data) => Of($$"""{"specversion":"1.0","type":"org.kubeflow.serving.inference.{{kind}}","source":"s","id":"k","time":"2026-01-01T00:00:11Z","inferenceservicename":"m","data":{{data}}}""");

    static Seed Capture(string input, string output) =>
        Of($$$"""{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT",{{{input}}}},"endpointOutput":{"mode":"OUTPUT",{{{output}}}}},"eventMetadata":{"eventId":"e","inferenceTime":"2026-01-01T00:00:12Z"},"eventVersion":"0"}""");

    static Seed Azure(string kind, string data) =>
        Of($$"""{"specversion":"1.0","id":"{{kind}}","source":"/subscriptions/s/onlineEndpoints/m/deployments/d","type":"azureml.inference.model_{{kind}}","time":"2026-01-01T00:00:13Z","data":{{data}},"correlationid":"z","modelversion":"3"}""");

    static readonly Seed[] seeds =
    [
        Of(Native),
        new([0, 0, 0, 0, 7, .. Bytes(Native)]),
        Of("""{"specversion":"1.0","type":"t","source":"s","id":"1","time":"2026-01-01T00:00:10Z","data":{"features":{"a":1,"b":2,"c":"y"}}}"""),
        Of("""{"features":{"a":1,"b":2,"c":"y"}}""", ("ce_type", "t"), ("ce_id", "1"), ("ce_time", "2026-01-01T00:00:10Z")),
        Event("request", """{"instances":[[1,2,"x"],[3,4,"y"]]}"""),
        Event("response", """{"predictions":[1,0]}"""),
        Event("outlier", """{"data":{"is_outlier":[1]}}"""),
        Of("""{"id":"o","inputs":[{"name":"a","shape":[2],"datatype":"FP32","data":[1,2]},{"name":"b","shape":[2,1],"datatype":"FP32","data":[1,2]}]}"""),
        Of("""{"id":"o","model_name":"m","outputs":[{"name":"p","shape":[2],"datatype":"FP32","data":[1,0]}]}"""),
        Of("""{"instances":[{"a":1,"b":2,"c":"z"}],"predictions":[1]}"""),
        Of("""{"dataframe_split":{"columns":["a","b","c"],"data":[[1,2,"x"],[2,3,"y"]]}}"""),
        Capture("\"data\":\"1,2,x\\n3,4,\\\"y\\\"\",\"encoding\":\"CSV\"", "\"data\":\"0.5\\n0.25\",\"encoding\":\"CSV\""),
        Capture("\"data\":\"MSwyLHg=\",\"encoding\":\"BASE64\"", "\"data\":\"{\\\"predictions\\\":[{\\\"score\\\":0.5}]}\",\"encoding\":\"JSON\""),
        Azure("inputs", """[{"a":1,"b":2,"c":"x"},{"a":3,"b":4,"c":"y"}]"""),
        Azure("outputs", """[{"prediction":1},{"prediction":0}]"""),
        Of("""{"data":{"names":["a","b","c"],"ndarray":[[1,2,"x"]]}}""", ("Ce-Type", "io.seldon.serving.inference.request"), ("Ce-Requestid", "s"), ("Ce-Inferenceservicename", "m")),
        Of("""{"data":{"names":["p"],"tensor":{"shape":[1,1],"values":[1]}}}""", ("Ce-Type", "io.seldon.serving.inference.response"), ("Ce-Requestid", "s"), ("Ce-Inferenceservicename", "m")),
        new(ProfileFormat.Write(ProfileBuilder.ForWindow(reference).Add("a", [1.0, 2.0]).Add("b", [1.0, 2.0]).Add("c", ["x", null]).Add("prediction", [1.0, 0.0]).ToProfile()
            .With(model: "m", modelVersion: "1", start: new DateTimeOffset(start.AddSeconds(5)), end: new DateTimeOffset(start.AddSeconds(9))))),
    ];

    /// <summary>Something that is no JSON object, or no message at all, whatever the format.</summary>
    static byte[] Damage(Random random, byte[] message)
    {
        var body = message[0] == 0 ? 5 : 0;
        switch (random.Next(6))
        {
            case 0: return message[..(body + random.Next(message.Length - body))]; // cut off
            case 1: // no UTF-8
                var copy = message.ToArray();
                copy[body + random.Next(message.Length - body)] = 0xff;
                return copy;
            case 2: return [.. message, .. "}"u8];
            case 3: return Bytes(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(70, 5_000))));
            case 4: return Bytes($$"""{"features":"{{new string('x', 64 << 10)}}"}""");
            default:
                var noise = new byte[random.Next(1, 200)];
                random.NextBytes(noise);
                noise[^1] = 0xc0; // a byte that UTF-8 never has
                return noise;
        }
    }

    static readonly string[] splinters =
        ["null", "[]", "{}", "\"\"", "-0", "1e999", "1e-999", "99999999999999999999", "true", "\"\\ud800\"", "\"\\u0000\"", "[[[[[[[[[[", "\"NaN\"", ",", ":", "\"ts\":1,", "\"model\":\"m\",", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"", "[2000000000,2000000000]"];

    static readonly string[] values =
    [
        "null", "[]", "{}", "\"\"", "-0", "0", "1e999", "-1e-999", "99999999999999999999", "2147483648", "-1", "true", "false", "\"\\ud800\"", "\"\\u0000\"", "\"NaN\"", "\"m\"", "\"x\"", "[1,2,3]", "[[1,2,\"x\"]]",
        "[[[[[[[[[]]]]]]]]]", "{\"a\":1}", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"", "\"2026-01-01T00:00:30Z\"", "[2000000000,2000000000]", "\"1,2,x\\n\\n,,\"", "\"MSwyLHg=\"", "\"{\\\"instances\\\":[1]}\"", "\"CSV\"",
    ];

    /// <summary>Puts other values, whole, in the place of some: what comes out is JSON.</summary>
    static byte[] Replace(Random random, byte[] message)
    {
        var body = message[0] == 0 ? 5 : 0;
        var places = new List<(int Start, int End)>();
        var reader = new Utf8JsonReader(message.AsSpan(body));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject) continue;
            var begin = (int)reader.TokenStartIndex;
            var inner = reader;
            inner.Skip();
            places.Add((body + begin, body + (int)inner.BytesConsumed));
        }
        var (at, end) = places[random.Next(places.Count)];
        byte[] value = random.Next(4) == 0 && places[random.Next(places.Count)] is var (a, b) ? message[a..b] : Bytes(values[random.Next(values.Length)]);
        return [.. message[..at], .. value, .. message[end..]];
    }

    static byte[] Mutate(Random random, byte[] message)
    {
        if (random.Next(4) > 0)
        {
            for (var edits = random.Next(3); edits >= 0; edits--) message = Replace(random, message);
            return message;
        }
        var result = message.ToList();
        for (var edits = 1 + random.Next(4); edits > 0 && result.Count > 0; edits--)
        {
            var at = random.Next(result.Count);
            switch (random.Next(7))
            {
                case 0: result[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: result[at] = (byte)random.Next(256); break;
                case 2: result.RemoveRange(at, Math.Min(result.Count - at, random.Next(1, 20))); break;
                case 3: result.InsertRange(at, result.GetRange(at, Math.Min(result.Count - at, random.Next(1, 60)))); break;
                case 4: result.InsertRange(at, Bytes(splinters[random.Next(splinters.Length)])); break;
                case 5: // a value in another's place
                    var end = result.FindIndex(at, b => b is (byte)',' or (byte)'}' or (byte)']');
                    if (end > at) result.RemoveRange(at, end - at);
                    result.InsertRange(at, Bytes(splinters[random.Next(splinters.Length)]));
                    break;
                default: // the tail of another format
                    var other = seeds[random.Next(seeds.Length)].Message;
                    result.RemoveRange(at, result.Count - at);
                    result.AddRange(other.AsSpan(random.Next(other.Length)));
                    break;
            }
        }
        return [.. result];
    }

    /// <param name="alone">The heap is the process's: beside other tests it says nothing about this one.</param>
    static void Run(int seed, int messages, bool alone)
    {
        var random = new Random(seed);
        var fold = new PartitionFold(models, limits, new Claim(new PartitionState { Source = new SourcePartition("t", 0) }, []), options: options);
        var strict = new PartitionFold(models, limits, new Claim(new PartitionState { Source = new SourcePartition("t", 1) }, []), options: options);
        var (injected, time, most) = (0L, start.AddMinutes(1).Ticks, 0L);
        for (var i = 0; i < messages; i++)
        {
            var chosen = seeds[random.Next(seeds.Length)];
            var kind = random.Next(10);
            var message = kind switch { 0 => chosen.Message, < 4 => Damage(random, chosen.Message), _ => Mutate(random, chosen.Message) };
            var to = kind < 4 ? strict : fold;
            if (kind is > 0 and < 4) injected++;
            try
            {
                to.Take(new LogMessage(message, time, chosen.Headers), tombstone: false, to.Position ?? 0);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, message {i}: {Convert.ToBase64String(message)} {string.Join(",", chosen.Headers)}", e);
            }
            if (i % 5_000 != 0) continue;
            foreach (var each in (PartitionFold[])[fold, strict])
            {
                each.ToState();
                _ = each.ChangedPanes().Count();
                each.Committed();
                Assert.True(each.Stored.Waiting.Length < 40 << 20);
            }
            if (i % 100_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: i % 1_000_000 == 0));
        }
        Assert.True(fold.ToState() is var freely && strict.ToState() is var strictly);
        Assert.Equal(injected, strictly.Invalid.Values.Sum());
        Assert.Equal(messages, freely.Records + strictly.Records);
        if (alone) Assert.True(most < 512L << 20, $"{most >> 20} MB");
        var counts = string.Create(CultureInfo.InvariantCulture, $"{messages} messages, seed {seed}: {injected} damaged, all invalid; of the changed ones {freely.Rows} rows, {freely.Late} late, {freely.Invalid.Values.Sum()} invalid, {freely.Skipped.Values.Sum()} skipped, {freely.Unanswered} unanswered; {most >> 20} MB");
        TestContext.Current.TestOutputHelper?.WriteLine(counts + "; " + string.Join(" ", freely.Invalid.Select(p => $"{p.Key}={p.Value}")));
        Assert.True(freely.Rows > messages / 1000, counts);
    }

    [Fact]
    public void Unharmed_messages_of_every_format_are_read()
    {
        var fold = new PartitionFold(models, limits, new Claim(new PartitionState { Source = new SourcePartition("t", 0) }, []), options: options);
        foreach (var seed in seeds) fold.Take(new LogMessage(seed.Message, start.AddMinutes(1).Ticks, seed.Headers), tombstone: false, fold.Position ?? 0);
        var state = fold.ToState();
        Assert.Empty(state.Invalid);
        Assert.Equal(new Dictionary<string, long> { [RecordReason.NotPrediction] = 1 }, state.Skipped);
        Assert.Equal((19, 0L, 0), (state.Rows, state.Unanswered, state.Waiting.Length));
    }

    [Fact]
    public void A_hundred_thousand_messages_are_survived_and_counted() => Run(20_261_121, 100_000, alone: false);

    [Fact]
    [Trait("Campaign", "fuzz")]
    public void Five_million_messages_are_survived_and_counted()
    {
        if (Environment.GetEnvironmentVariable("DRIFT_FUZZ") != "1") Assert.Skip("runs with ./build.sh fuzz");
        var seed = Random.Shared.Next();
        for (var part = 0; part < 10; part++) Run(seed + part, 500_000, alone: true);
    }
}
