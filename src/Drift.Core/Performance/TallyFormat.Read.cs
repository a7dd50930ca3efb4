namespace Drift;

public static partial class TallyFormat
{
    /// <summary>Reads a tally of a given kind, for example <see cref="BinaryTally"/>.</summary>
    /// <exception cref="FormatException">It is not such a tally; the message says where and why.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8) where T : class
    {
        using var document = StrictJson.Parse(utf8, "tally");
        return Read(StrictJson.Root(document.RootElement)) as T ?? throw new FormatException($"$.kind: not a {typeof(T).Name}");
    }

    internal static object Read(StrictJson root)
    {
        var m = root.Members("format", "version", "kind", "rows", "labelled", "confusion", "scores", "calibration_rows", "calibration_positives", "calibration_sums", "log_loss_sum",
            "brier_sum", "scored", "classes", "truth", "errors", "absolute_sum", "relative_sum", "zero_truths", "log_square_sum", "negative", "queries", "irrelevant", "cut",
            "ndcg_sum", "precision_sum", "reciprocal_sum", "confidence", "entropy", "latency", "moments", "quantiles");
        if (root.Required(m, "format").Text() != "drift-tally") throw m["format"].Wrong("\"drift-tally\"");
        if (root.Required(m, "version").Whole() != 1) throw m["version"].Wrong("1, the only version that this release reads");
        StrictJson At(string name) => root.Required(m, name);
        try
        {
            return At("kind").Text() switch
            {
                "binary" => Binary(At),
                "multiclass" => Multiclass(At),
                "regression" => Regression(At),
                "ranking" => Ranking(At),
                "confidence" => new ConfidenceTally { Confidence = MomentsOf(At("confidence")), Entropy = MomentsOf(At("entropy")) },
                "service" => new ServiceTally { Rows = At("rows").Whole(), Errors = At("errors").Whole(), Latency = Sketch(At("latency")) },
                "metric" => new MetricTally { Moments = MomentsOf(At("moments")), Quantiles = Sketch(At("quantiles")) },
                _ => throw m["kind"].Wrong("binary, multiclass, regression, ranking, confidence, service or metric"),
            };
        }
        catch (FormatException error) when (!error.Message.StartsWith(root.Path, StringComparison.Ordinal))
        {
            throw new FormatException($"{root.Path}: {error.Message}", error);
        }
    }

    static BinaryTally Binary(Func<string, StrictJson> at)
    {
        var confusion = Whole(at("confusion"), 4);
        return new()
        {
            Rows = at("rows").Whole(),
            Labelled = at("labelled").Whole(),
            Confusion = new(confusion[0], confusion[1], confusion[2], confusion[3]),
            Scores = Scores(at("scores")),
            Calibration = new(Whole(at("calibration_rows"), CalibrationCurve.Cells), Whole(at("calibration_positives"), CalibrationCurve.Cells), Doubles(at("calibration_sums"), CalibrationCurve.Cells)),
            LogLossSum = at("log_loss_sum").Number(),
            BrierSum = at("brier_sum").Number(),
        };
    }

    static MulticlassTally Multiclass(Func<string, StrictJson> at)
    {
        string[] classes = [.. at("classes").Items().Select(item => item.Text())];
        ScoreTally?[] scores = [.. at("scores").Items().Select(item => item.Element.ValueKind == System.Text.Json.JsonValueKind.Null ? null : Scores(item))];
        return new(classes, Whole(at("confusion"), classes.Length * classes.Length), scores)
        {
            Rows = at("rows").Whole(),
            Labelled = at("labelled").Whole(),
            Scored = at("scored").Whole(),
            LogLossSum = at("log_loss_sum").Number(),
        };
    }

    static RegressionTally Regression(Func<string, StrictJson> at) => new()
    {
        Rows = at("rows").Whole(),
        Labelled = at("labelled").Whole(),
        Truth = MomentsOf(at("truth")),
        Errors = MomentsOf(at("errors")),
        AbsoluteSum = at("absolute_sum").Number(),
        RelativeSum = at("relative_sum").Number(),
        ZeroTruths = at("zero_truths").Whole(),
        LogSquareSum = at("log_square_sum").Number(),
        Negative = at("negative").Whole(),
    };

    static RankingTally Ranking(Func<string, StrictJson> at) => new()
    {
        Rows = at("rows").Whole(),
        Labelled = at("labelled").Whole(),
        Queries = at("queries").Whole(),
        Irrelevant = at("irrelevant").Whole(),
        Cut = (int)at("cut").Whole(),
        NdcgSum = at("ndcg_sum").Number(),
        PrecisionSum = at("precision_sum").Number(),
        ReciprocalSum = at("reciprocal_sum").Number(),
    };

    static ScoreTally Scores(StrictJson json)
    {
        var m = json.Members("exact", "limit", "scores", "positives", "negatives");
        return ScoreTally.FromKeys(json.Required(m, "exact").Flag(), (int)Math.Min(int.MaxValue, json.Required(m, "limit").Whole()),
            Doubles(json.Required(m, "scores")), Whole(json.Required(m, "positives")), Whole(json.Required(m, "negatives")));
    }

    static QuantileSketch Sketch(StrictJson json)
    {
        var m = json.Members("cells", "counts");
        return QuantileSketch.FromCells([.. Whole(json.Required(m, "cells"), least: int.MinValue).Select(cell => (int)Math.Min(cell, int.MaxValue))], Whole(json.Required(m, "counts")));
    }

    static Moments MomentsOf(StrictJson json)
    {
        var items = json.Items().ToArray();
        if (items.Length != 5) throw json.Wrong("the five numbers n, mean, m2, min, max");
        return new(items[0].Whole(), items[1].Number(), items[2].Number(), items[3].Number(), items[4].Number());
    }

    static long[] Whole(StrictJson json, int length = -1, long least = 0) => Length(json, [.. json.Items().Select(item => item.Whole(least))], length);

    static double[] Doubles(StrictJson json, int length = -1) => Length(json, [.. json.Items().Select(item => item.Number())], length);

    static T[] Length<T>(StrictJson json, T[] values, int length) => length < 0 || values.Length == length ? values : throw json.Wrong($"a list of {length} numbers");
}
