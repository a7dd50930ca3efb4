using System.Text;
using Drift.Worker.Sources.Files;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Sources.Files;

public sealed class MlflowSignatureTests
{
    const string Json = """{"inputs":"[{\"type\": \"double\", \"name\": \"amount\", \"required\": true}, {\"type\": \"long\", \"name\": \"age\"}, {\"type\": \"string\", \"name\": \"it's\", \"required\": false}, {\"type\": \"datetime\", \"name\": \"at\"}]","outputs":"[{\"type\": \"long\"}]"}""";

    /// <summary>As MLflow writes it: single quotes, doubled inside, folded over lines.</summary>
    const string Yaml = """
        artifact_path: model
        flavors:
          python_function:
            env: conda.yaml
        signature:
          inputs: '[{"type": "double", "name": "amount", "required": true}, {"type": "long",
            "name": "age"}, {"type": "string", "name": "it''s", "required": false}, {"type":
            "datetime", "name": "at"}]'
          outputs: '[{"type": "long"}]'
          params: null
        utc_time_created: '2026-01-01 00:00:00'
        """;

    static string Text(Schema schema) => string.Join("; ", schema.Columns.Select(c => $"{c.Name} {c.Kind} {c.Type} {c.Role} {c.Nullable}"));

    [Theory]
    [InlineData(Json)]
    [InlineData(Yaml)]
    [InlineData("""{"signature":{"inputs":[{"type":"double","name":"amount"},{"type":"long","name":"age"},{"type":"string","name":"it's"},{"type":"datetime","name":"at"}],"outputs":[{"type":"long"}]}}""")]
    public void A_signature_is_a_schema(string document) => Assert.Equal(
        "amount Numeric Float Feature True; age Numeric Int Feature False; it's Categorical Text Feature True; at Categorical Time Ignore True; prediction Numeric Int Prediction True",
        Text(MlflowSignature.Read(Encoding.UTF8.GetBytes(document))!));

    [Fact]
    public void Several_outputs_are_a_prediction_and_scores() => Assert.Equal(
        "a Numeric Float Feature True; prediction Categorical Text Prediction True; p_yes Numeric Float Score True",
        Text(MlflowSignature.Read("""{"inputs":[{"type":"float","name":"a"}],"outputs":[{"type":"string","name":"prediction"},{"type":"double","name":"p_yes"},{"type":"string","name":"why"}]}"""u8)!));

    [Theory]
    [InlineData("""{"format":"drift-schema","version":1,"columns":[]}""")]
    [InlineData("""{"columns":[]}""")]
    [InlineData("no signature: here")]
    public void Other_documents_are_none(string document) => Assert.Null(MlflowSignature.Read(Encoding.UTF8.GetBytes(document)));

    [Theory]
    [InlineData("""{"inputs":"[{]"}""", "not JSON")]
    [InlineData("""{"inputs":[{"type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,4]}}]}""", "tensor")]
    [InlineData("""{"inputs":[{"type":"complex","name":"z"}]}""", "unknown type 'complex'")]
    [InlineData("signature:\n  inputs: '[", "does not end")]
    public void What_is_wrong_with_one_is_said(string document, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => MlflowSignature.Read(Encoding.UTF8.GetBytes(document))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_profile_takes_its_columns_from_a_signature()
    {
        using var folder = new Folder();
        folder.File("data.csv", "amount,age,it's,at,prediction\n1.5,3,x,2026-01-01,1\n2.5,4,y,2026-01-02,0\n3.5,5,x,2026-01-03,1\n");
        folder.File("MLmodel", Yaml);
        var run = await Run.Of("profile", folder["data.csv"], "--out", folder["r.json"], "--schema", folder["MLmodel"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        var profile = ProfileFormat.Read(File.ReadAllBytes(folder["r.json"]));
        Assert.Equal(["amount Feature", "age Feature", "it's Feature", "prediction Prediction"], profile.Columns.Select(c => $"{c.Name} {c.Spec.Role}"));
    }
}
