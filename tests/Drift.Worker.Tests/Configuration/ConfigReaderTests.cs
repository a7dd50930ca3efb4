using System.Text;
using Drift.Worker.Configuration;

namespace Drift.Worker.Tests.Configuration;

public sealed class ConfigReaderTests
{
    static readonly string here = Path.GetTempPath();

    static DriftConfig Read(string json) => ConfigReader.Read(Encoding.UTF8.GetBytes(json), "drift.json", here);

    static string Problems(string json) => Assert.Throws<InputException>(() => Read(json)).Message;

    [Fact]
    public void Reads_the_documented_example()
    {
        var config = Read("""
            { "Drift": {
              // comments and trailing commas are welcome
              "Source":  { "Topics": ["predictions"], "TruthTopics": ["outcomes"], "Group": "drift", "Format": "auto",
                           "Kafka": { "bootstrap.servers": "localhost:9092", "fetch.wait.max.ms": 10, "socket.keepalive.enable": true } },
              "Models":  { "fraud": { "Reference": "references/fraud-3.json", "Window": "1.00:00:00", "Slide": null, "Origin": "1970-01-05T00:00:00Z", "Grace": "00:02:00", "IdleAfter": "00:00:30", "Late": "drop", "Segments": ["country"],
                                      "Measures": ["psi","ks","missing_rate"], "Task": "binary", "TruthHorizon": "30.00:00:00", "Champion": "3", "Sla": {"p99_ms": 50}, "SunsetOn": null, "Tags": {"team":"fraud","owner":"..","risk":"tier1"} } },
              "Store":   { "Sqlite": "drift.db" },
              "Policy":  "policy.json", "Web": { "Url": "http://127.0.0.1:5080" }, "Telemetry": { "Otlp": null }, } }
            """);
        Assert.Equal("10", config.Source.Kafka["fetch.wait.max.ms"]);
        Assert.Equal("true", config.Source.Kafka["socket.keepalive.enable"]);
        var model = config.Models["fraud"];
        Assert.Equal(Path.Combine(here, "references", "fraud-3.json"), model.Reference);
        Assert.Equal(new DateTimeOffset(1970, 1, 5, 0, 0, 0, TimeSpan.Zero), model.Origin);
        Assert.Equal((TimeSpan.FromDays(1), null, TimeSpan.FromMinutes(2), ModelTask.Binary), (model.Window, model.Slide, model.Grace, model.Task));
        Assert.Equal(50, model.Sla["p99_ms"]);
        Assert.Equal("tier1", model.Tags["risk"]);
        Assert.Equal(Path.Combine(here, "drift.db"), config.Store.Sqlite);
        Assert.Equal(Path.Combine(here, "policy.json"), config.Policy);
    }

    [Fact]
    public void Everything_but_a_reference_has_a_default()
    {
        var model = Read("""{"Drift":{"Models":{"m":{"Reference":"r.json"},"M":{"Reference":"r.json"}}}}""").Models["m"];
        Assert.Equal((TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch, LatePolicy.Drop, false), (model.Window, model.Origin, model.Late, model.Deduplicate));
        var config = Read("""{"Drift":{}}""");
        Assert.Equal(["predictions"], config.Source.Topics);
        Assert.Equal("http://127.0.0.1:5080", config.Web.Url);
        Assert.Equal(TimeSpan.FromMinutes(5), config.Limits.Ahead);
    }

    [Fact]
    public void What_sliding_windows_cannot_do_is_said()
    {
        var text = Problems("""{"Drift":{"Models":{"m":{"Reference":"r.json","Window":"02:00:00","Slide":"01:00:00","Deduplicate":true,"LeastRows":5},"d":{"Reference":"r.json","LeastRows":5} } } }""");
        foreach (var expected in (string[])["Drift.Models.m.Deduplicate: ", "Drift.Models.m.LeastRows: ", "Drift.Models.d.LeastRows: windows grow within a day"]) Assert.Contains(expected, text, StringComparison.Ordinal);
        var model = Read("""{"Drift":{"Models":{"m":{"Reference":"r.json","Window":"01:00:00","Late":"revise","ReviseFor":"02:00:00","Deduplicate":true,"LeastRows":5} } } }""").Models["m"];
        Assert.Equal((LatePolicy.Revise, TimeSpan.FromHours(2), true, 5), (model.Late, model.ReviseFor, model.Deduplicate, model.LeastRows));
    }

    [Fact]
    public void A_reference_may_come_from_the_stream()
    {
        static string Model(string reference, string more = "") => $$"""{"Drift":{"Models":{"m":{"Reference":{{reference}}{{more}} } } } }""";
        var model = Read(Model("""{"File":"cells.json","Kind":"weekday","Last":4}""")).Models["m"];
        Assert.Equal((Path.Combine(here, "cells.json"), new MovingConfig(MovingKind.Weekday) { Last = 4 }), (model.Reference, model.Moving));
        Assert.Equal(14, Read(Model("""{"File":"c.json","Kind":"hour"}""", ""","Window":"01:00:00" """)).Models["m"].Moving!.Last);
        Assert.Null(Read(Model("""{"File":"cells.json","Kind":"file"}""")).Models["m"].Moving);
        Assert.Equal(500, Read(Model("""{"File":"c.json","Kind":"first_rows","Rows":500}""")).Models["m"].Moving!.Rows);
        Assert.Contains("Drift.Models.m.Reference.File: a profile is wanted", Problems(Model("""{"Kind":"hour"}""")), StringComparison.Ordinal);
        Assert.Contains("'daily' is none of file, first_period, first_rows, previous, hour, weekday, month", Problems(Model("""{"File":"c.json","Kind":"daily"}""")), StringComparison.Ordinal);
        Assert.Contains("do not fill a day evenly", Problems(Model("""{"File":"c.json","Kind":"hour"}""", ""","Window":"07:00:00" """)), StringComparison.Ordinal);
        Assert.Contains("overlap", Problems(Model("""{"File":"c.json","Kind":"previous"}""", ""","Window":"03:00:00","Slide":"02:00:00" """)), StringComparison.Ordinal);
        Assert.Contains("Reference.Rows: unknown", Problems(Model("""{"File":"c.json","Kind":"hour","Rows":5}""")), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var text = Problems("""
            {"Drift":{"Sourc":{},"Source":{"Topics":[],"Kafka":{"group.id":"x","sasl.password":"hush"}},
             "Models":{"m":{"Window":"1h","Slide":"2.00:00:00","Late":"keep","Grace":5,"Segments":"country","Refrence":"r"}},
             "Store":{"Sqlite":"a","Postgres":"Host=h;Password=topsecret"},"Web":{"Url":"here"},"Limits":{"Depth":1}}}
            """);
        foreach (var expected in new[]
        {
            "drift.json: ", "Drift.Sourc: unknown", "Drift.Source.Topics: at least one topic", "Drift.Source.Kafka.group.id: this one is Drift's own", "Drift.Source.Kafka.sasl.password: a secret comes from",
            "Drift.Models.m.Window: '1h' is not a time span", "Drift.Models.m.Late: 'keep' is none of drop, revise", "Drift.Models.m.Grace: a text is wanted, not a number",
            "Drift.Models.m.Segments: an array", "Drift.Models.m.Refrence: unknown", "Drift.Models.m.Reference: a profile is wanted", "Drift.Models.m.Slide: windows would leave gaps",
            "Drift.Store.Postgres: Sqlite or Postgres", "Drift.Store.Postgres: a password comes from", "Drift.Web.Url: an address", "Drift.Limits.Depth: a whole number from 2",
        })
            Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
    }

    [Theory]
    [InlineData("", "not JSON at line 1")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "the file: an object is wanted, not an array")]
    [InlineData("{}", "Drift: this section is missing")]
    [InlineData("""{"Drift":7}""", "Drift: an object is wanted, not a number")]
    [InlineData("""{"Drift":{},"Drfit":{}}""", "Drfit: unknown")]
    [InlineData("""{"Drift":{"Policy":"a","policy":"b"}}""", "Drift.policy: stands twice")]
    [InlineData("""{"Drift":{"Source":{"Topics":["a b"]}}}""", "'a b' is not a topic's name")]
    [InlineData("""{"Drift":{"Source":{"Format":"xml"}}}""", "'xml' is none of auto, native")]
    [InlineData("""{"Drift":{"Models":{"m":{"Reference":"r","Window":"00:00:00"}}}}""", "00:00:00 is outside 00:00:01 to 366.00:00:00")]
    [InlineData("""{"Drift":{"Models":{"m":{"Reference":"r","Origin":"Monday"}}}}""", "'Monday' is not a time")]
    [InlineData("""{"Drift":{"Models":{"m":{"Reference":"r","Window":"1.00:00:00","Slide":"00:00:01.0000007"}}}}""", "share no pane")]
    [InlineData("""{"Drift":{"Web":{"Keys":[{"Name":"k","Role":"boss","Sha256":"12"}]}}}""", "Drift.Web.Keys[0].Role: 'boss' is none of reader, operator, admin")]
    [InlineData("""{"Drift":{"Store":{"Postgres":"${env:DRIFT_NOT_SET_ANYWHERE}"}}}""", "the environment variable DRIFT_NOT_SET_ANYWHERE is not set")]
    [InlineData("""{"Drift":{"Store":{"Postgres":"${file:no/such/secret}"}}}""", "the file no/such/secret does not exist")]
    [InlineData("""{"Drift":{"Source":{"Group":"${oops}"}}}""", "neither ${env:NAME} nor ${file:PATH}")]
    public void Tells_what_is_wrong(string json, string expected) => Assert.Contains(expected, Problems(json), StringComparison.Ordinal);

    [Fact]
    public void Secrets_come_from_the_environment_or_a_file()
    {
        var file = Path.Combine(here, $"drift-secret-{Guid.NewGuid():N}");
        var variable = $"DRIFT_TEST_{Guid.NewGuid():N}";
        File.WriteAllText(file, "from-file\n");
        Environment.SetEnvironmentVariable(variable, "from-env");
        try
        {
            var (env, path) = ("${env:" + variable + "}", "${file:" + Path.GetFileName(file) + "}");
            var config = Read("{\"Drift\":{\"Source\":{\"Kafka\":{\"sasl.password\":\"" + env + "\"}},\"Store\":{\"Postgres\":\"Host=h;Username=u;Password=" + path + "\"}}}");
            Assert.Equal("from-env", config.Source.Kafka["sasl.password"]);
            Assert.EndsWith("Password=from-file", config.Store.Postgres, StringComparison.Ordinal);
            Assert.DoesNotContain("from-", config.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
            File.Delete(file);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_input_problem() =>
        Assert.Contains("cannot read", Assert.Throws<InputException>(() => ConfigReader.ReadFile(Path.Combine(here, $"{Guid.NewGuid():N}.json"))).Message, StringComparison.Ordinal);
}
