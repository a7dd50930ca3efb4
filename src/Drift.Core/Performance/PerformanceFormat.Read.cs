namespace Drift;

public static partial class PerformanceFormat
{
    /// <summary>What a profile knows of performance; null when it holds nothing of it.</summary>
    /// <exception cref="FormatException">A member cannot be read; the message says where and why.</exception>
    public static PerformanceReference? Read(Profile profile)
    {
        if (!profile.Extras.TryGetValue("performance", out var text)) return null;
        var reference = Read("performance", text, Performance);
        return reference with
        {
            Confidence = profile.Extras.TryGetValue("calibration", out var calibration) ? Read("calibration", calibration, Confidence) : null,
            Loss = profile.Extras.TryGetValue("loss_model", out var loss) ? Read("loss_model", loss, Loss) : null,
        };
    }

    static T Read<T>(string name, string text, Func<StrictJson, T> read)
    {
        using var document = StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(text), name);
        return read(StrictJson.Root(document.RootElement, "$." + name));
    }

    static void Version(StrictJson json, Dictionary<string, StrictJson> m)
    {
        if (json.Required(m, "version").Whole() != 1) throw m["version"].Wrong("1, the only version that this release reads");
    }

    static PerformanceReference Performance(StrictJson json)
    {
        var m = json.Members("version", "task", "truth", "prediction", "positive", "query", "k", "scores", "measures");
        Version(json, m);
        return new()
        {
            Columns = new()
            {
                Task = json.Required(m, "task").Choice(TaskNames.Parse, string.Join(", ", TaskNames.All)),
                Truth = Text(m, "truth"),
                Prediction = Text(m, "prediction"),
                Positive = Text(m, "positive"),
                Query = Text(m, "query"),
                Cut = m.TryGetValue("k", out var cut) ? (int)Math.Min(int.MaxValue, cut.Whole()) : 0,
                Scores = [.. json.Required(m, "scores").Items().Select(Score)],
            },
            Baselines = [.. json.Required(m, "measures").Items().Select(Baseline)],
        };
    }

    static ScoreColumn Score(StrictJson json)
    {
        var m = json.Members("class", "column");
        return new(Text(m, "class"), json.Required(m, "column").Text());
    }

    static ChunkBaseline Baseline(StrictJson json)
    {
        var m = json.Members("measure", "class", "value", "mean", "std", "chunks", "error_per_row");
        return new(json.Required(m, "measure").Text(), Text(m, "class"), json.Required(m, "mean").Number(), json.Required(m, "std").Number(), (int)Math.Min(int.MaxValue, json.Required(m, "chunks").Whole()))
        {
            Reference = json.Required(m, "value").Number(),
            ErrorPerRow = json.Required(m, "error_per_row").Number(),
        };
    }

    static ConfidenceEstimator Confidence(StrictJson json)
    {
        var m = json.Members("version", "classes");
        Version(json, m);
        var (names, calibrations) = (new List<string>(), new List<IsotonicCalibration>());
        foreach (var item in json.Required(m, "classes").Items())
        {
            var c = item.Members("class", "scores", "probabilities");
            double[] scores = Doubles(item.Required(c, "scores")), probabilities = Doubles(item.Required(c, "probabilities"));
            if (scores.Length != probabilities.Length) throw c["probabilities"].Wrong("a probability per score");
            for (var i = 0; i < scores.Length; i++)
                if (i > 0 && !(scores[i - 1] < scores[i] && probabilities[i - 1] <= probabilities[i]) || !(probabilities[i] is >= 0 and <= 1))
                    throw new FormatException($"{item.Path}: scores must rise strictly, probabilities from 0 to 1 and never fall");
            names.Add(item.Required(c, "class").Text());
            calibrations.Add(new(scores, probabilities));
        }
        return new(names, calibrations);
    }

    static LossEstimator Loss(StrictJson json)
    {
        var m = json.Members("version", "losses", "features", "nodes");
        Version(json, m);
        string[] losses = [.. json.Required(m, "losses").Items().Select(item => item.Text())];
        LossFeature[] features = [.. json.Required(m, "features").Items().Select(Feature)];
        StrictJson[] items = [.. json.Required(m, "nodes").Items()];
        if (items.Length == 0) throw m["nodes"].Wrong("at least one node");
        return new(features, losses, new([.. items.Select((item, at) => Node(item, at, items.Length, features.Length, losses.Length))]));
    }

    static LossFeature Feature(StrictJson json)
    {
        var m = json.Members("column", "cuts", "categories");
        var categories = m.TryGetValue("categories", out var list) ? list.Items().Select(item => item.Text()).ToArray() : null;
        var feature = new LossFeature(json.Required(m, "column").Text(), categories is null ? Doubles(json.Required(m, "cuts")) : [], categories);
        return feature.Codes <= byte.MaxValue + 1 ? feature : throw json.Wrong("a feature of at most 256 codes");
    }

    /// <summary>Children come after their parent, so that a path always ends.</summary>
    static LossTree.Node Node(StrictJson json, int at, int nodes, int features, int losses)
    {
        var m = json.Members("feature", "cut", "left", "right", "means");
        if (m.TryGetValue("means", out var means)) return Doubles(means) is var values && values.Length == losses ? new(-1, 0, 0, 0, values) : throw means.Wrong($"{losses} means");
        int Whole(string name, long least, long below) => json.Required(m, name).Whole(least) is var value && value < below ? (int)value : throw m[name].Wrong($"a whole number from {least} to {below - 1}");
        return new(Whole("feature", 0, features), Whole("cut", 0, byte.MaxValue + 1), Whole("left", at + 1, nodes), Whole("right", at + 1, nodes), []);
    }

    static string? Text(Dictionary<string, StrictJson> m, string name) => m.TryGetValue(name, out var value) ? value.Text() : null;

    static double[] Doubles(StrictJson json) => [.. json.Items().Select(item => item.Number())];
}
