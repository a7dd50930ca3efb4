namespace Drift.Worker.Sources.Formats;

/// <summary>The formats by the names that the configuration knows.</summary>
static class FormatNames
{
    public const string Auto = "auto";
    public const string Native = "native";

    static readonly IMessageFormat sageMaker = new SageMakerFormat(), azure = new AzureFormat(), inference = new InferenceEventFormat(), cloud = new CloudEventFormat(), serving = new ServingFormat(), profile = new ProfileMessageFormat();

    static readonly Dictionary<string, IMessageFormat[]> byName = new(StringComparer.Ordinal)
    {
        [Auto] = [profile, sageMaker, azure, inference, cloud, serving],
        [Native] = [],
        ["cloudevents"] = [azure, inference, cloud],
        ["kserve"] = [inference, serving],
        ["oip"] = [inference, serving],
        ["seldon"] = [inference, serving],
        ["mlflow"] = [serving],
        ["sagemaker"] = [sageMaker],
        ["azure"] = [azure],
        ["profile"] = [profile],
    };

    public static IReadOnlyList<string> All => [.. byName.Keys];

    public static IReadOnlyList<IMessageFormat> Of(string name) => byName[name];

    /// <summary>Whether messages may be native records, too.</summary>
    public static bool TakesNative(string name) => name is Auto or Native;
}
