using System.Globalization;
using System.Text.Json;
using Drift.Tests;

namespace Drift.Worker.Tests.Sources.Formats;

/// <summary>A row that a payload holds. A value is a number or a text.</summary>
sealed record PayloadRow(string Model, string Version, string Id, DateTimeOffset? Time, IReadOnlyList<(string Column, object Value)> Features, double? Prediction, IReadOnlyList<(string Column, double Value)> Scores);

/// <summary>What a payload file holds, and what of it is no row.</summary>
sealed record Payload(IReadOnlyList<PayloadRow> Rows, int Messages)
{
    public IReadOnlyDictionary<string, long> Invalid { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> Skipped { get; init; } = new Dictionary<string, long>();

    public long Unanswered { get; init; }
}

/// <summary>
/// The expected content of every file of the shared payloads. Where a file holds few rows they are written down; where it holds many they are read
/// from it here, by the one path that its shape has, and not by the formats under test.
/// </summary>
static class Payloads
{
    static readonly double[][] Iris = [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]];

    public static readonly Dictionary<string, Func<Payload>> Expected = new(StringComparer.Ordinal)
    {
        ["kserve_cloudevents/basic.structured.jsonl"] = () => new(Pair("sklearn-iris", "0009174a-24a8-4603-b098-09c8799950e9", At("2021-04-10T00:23:26.0789529Z"), Iris, [1, 1]), 2),
        ["oip_v2/iris_rest_requests.json"] = () => new(Pair("iris", "", null, [[1, 2, 3, 4]], []), 1),
        ["azure_mdc/iris_model_inputs_with_drift__2023__01__01__01__data.jsonl"] = () => Azure("azure_mdc/iris_model_inputs_with_drift__2023__01__01__01__data.jsonl", "model-monitoring-bug-bash", 20, 20),
        ["azure_mdc/iris_model_inputs_no_drift__2023__01__01__01__data.jsonl"] = () => Azure("azure_mdc/iris_model_inputs_no_drift__2023__01__01__01__data.jsonl", "momo-endpoint", 1, 75),
        ["sagemaker_capture/xgb_churn_csv.jsonl"] = () => new(Churn(), 3),
        ["sagemaker_capture/income_json.jsonl"] = () => new([.. Income("7ddb2d7c-4d6a-4e67-a68e-23870399829d", 1), .. Income("9066ac80-dde1-4370-a73e-ab997e2544f1", 2)], 2),
        ["sagemaker_capture/income_json_batch.json"] = () => new(Income("9066ac80-dde1-4370-a73e-ab997e2544f1", 2), 1),
        ["seldon_cloudevents/binary_mode_a.jsonl"] = Seldon,
    };

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static (string, object)[] Named(string prefix, double[] values) => [.. values.Select((v, i) => ($"{prefix}{i}", (object)v))];

    static List<PayloadRow> Pair(string model, string id, DateTimeOffset? time, double[][] inputs, double[] predictions) =>
        [.. inputs.Select((row, i) => new PayloadRow(model, "", inputs.Length == 1 ? id : $"{id}#{i}", time, Named("x", row), predictions.Length > i ? predictions[i] : null, []))];

    static List<PayloadRow> Income(string id, int rows)
    {
        double[][] inputs = [[28, 2, 133937, 9, 13, 2, 0, 0, 4, 1, 15024, 0, 55, 37], [43, 2, 72338, 12, 14, 2, 12, 0, 1, 1, 0, 0, 40, 37]];
        double[] scores = [0.9899773597717285, 0.5041388273239136];
        return [.. Pair("income", id, At("2024-01-19T19:27:57Z"), inputs[..rows], [1, 1]).Select((r, i) => r with { Scores = [("score", scores[i])] })];
    }

    static List<PayloadRow> Churn()
    {
        (string Id, string Time, double Prediction)[] rows =
        [
            ("f04a8538-696c-4648-8064-8b680b2e3318", "2022-04-18T00:21:48Z", 0.036397725343704224), ("4f301857-49c9-44d1-b275-ba0ab7767033", "2022-04-18T00:21:49Z", 0.3791300654411316),
            ("9827355a-ac22-40f4-9748-539e03db6c2a", "2022-04-18T00:21:50Z", 0.017852725461125374),
        ];
        return [.. File.ReadLines(TestData.Path("payloads/sagemaker_capture/xgb_churn_csv.jsonl")).Zip(rows, (line, row) =>
        {
            using var json = JsonDocument.Parse(line);
            var data = json.RootElement.GetProperty("captureData").GetProperty("endpointInput").GetProperty("data").GetString()!.Split(',');
            Assert.Equal(69, data.Length);
            return new PayloadRow("churn", "", row.Id, At(row.Time), Named("x", [.. data.Select(d => double.Parse(d, CultureInfo.InvariantCulture))]), row.Prediction, []);
        })];
    }

    static Payload Azure(string file, string model, int messages, int count)
    {
        var rows = new List<PayloadRow>();
        foreach (var line in File.ReadLines(TestData.Path($"payloads/{file}")))
        {
            using var json = JsonDocument.Parse(line);
            var data = json.RootElement.GetProperty("data");
            var id = json.RootElement.GetProperty("correlationid").GetString()!;
            foreach (var (row, i) in data.EnumerateArray().Select((r, i) => (r, i)))
                rows.Add(new PayloadRow(model, "default", data.GetArrayLength() == 1 ? id : $"{id}#{i}", At(json.RootElement.GetProperty("time").GetString()!),
                    [.. new[] { "sepal_length", "sepal_width", "petal_length", "petal_width" }.Select(c => (c, (object)row.GetProperty(c).GetDouble()))], null, []));
        }
        Assert.Equal(count, rows.Count);
        return new Payload(rows, messages) { Unanswered = messages };
    }

    static Payload Seldon()
    {
        static IEnumerable<PayloadRow> Rows(string model, string id, string[] names, object[][] inputs, double[] predictions) =>
            inputs.Select((row, i) => new PayloadRow(model, "", inputs.Length == 1 ? id : $"{id}#{i}", null, [.. names.Zip(row)], predictions.Length > i ? predictions[i] : null, []));
        return new(
        [
            .. Rows("tensor", "1a", ["a", "b"], [[1.0, 2.0], [3.0, 4.0]], [5, 6]),
            .. Rows("ndarray", "2b", ["a", "b"], [[1.0, 2.0], [3.0, 4.0]], [7, 8]),
            .. Rows("classifier", "3c", ["a"], [["test1"], ["test2"]], [7, 8]),
            .. Rows("tensor", "4d", ["a", "b"], [[1.0, 2.0], [3.0, 4.0]], []), // names no model: Source.Model says tensor
            .. Rows("tensor", "5e", ["c"], [[5.0], [6.0]], []),
            .. Rows("moviesentiment", "6f", ["Text review"], [["this film has bad actors"]], []).Select(r => r with { Scores = [("t0", 0.5), ("t1", 0.5)] }),
            .. Pair("iris-kf", "8h", null, Iris, [1, 1]),
        ], 14)
        {
            Skipped = new Dictionary<string, long> { [RecordReason.NotPrediction] = 1, [RecordReason.UnknownModel] = 1 },
            Unanswered = 2,
        };
    }
}
