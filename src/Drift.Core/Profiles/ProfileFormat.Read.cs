using System.Buffers.Binary;
using System.Text.Json;

namespace Drift;

public static partial class ProfileFormat
{
    /// <summary>Reads a profile document.</summary>
    /// <exception cref="FormatException">It is not one, or holds something this version does not understand; the message says where.</exception>
    public static Profile Read(ReadOnlySpan<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, "profile document");
        return Read(document.RootElement);
    }

    /// <summary>Reads a profile document that is already parsed.</summary>
    /// <exception cref="FormatException">It is not one; the message says where.</exception>
    public static Profile Read(JsonElement element)
    {
        var root = StrictJson.Root(element);
        var members = root.Members(["format", "version", "model", "model_version", "rows", "window", "created_by", "instance", "columns", "$schema", .. Extras]);
        if (root.Required(members, "format").Text() != "drift-profile") throw members["format"].Wrong("\"drift-profile\"");
        if (root.Required(members, "version").Whole() != 1) throw members["version"].Wrong("1, the version this library reads");
        var (start, end) = members.TryGetValue("window", out var window) ? ReadWindow(window) : (null, null);
        var rows = root.Required(members, "rows").Whole();
        try
        {
            var profile = new Profile(root.Required(members, "columns").Items().Select(ReadColumn), rows)
            {
                Model = members.TryGetValue("model", out var model) ? model.Text() : "",
                ModelVersion = members.TryGetValue("model_version", out var version) ? version.Text() : "",
                Start = start,
                End = end,
                Extras = members.Where(member => Extras.Contains(member.Key) || member.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary(member => member.Key, member => member.Value.Element.GetRawText()),
            };
            // What a comparison will look at is refused here, not in the middle of a report.
            _ = profile.Baselines;
            _ = ProjectionFormat.Read(profile);
            return profile;
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"$.columns: {error.Message}", error);
        }
    }

    static (DateTimeOffset?, DateTimeOffset?) ReadWindow(StrictJson json)
    {
        var members = json.Members("start", "end");
        var (start, end) = (json.Required(members, "start").Instant(), json.Required(members, "end").Instant());
        return start < end ? (start, end) : throw json.Wrong("a window whose start is before its end");
    }

    static ColumnProfile ReadColumn(StrictJson json)
    {
        if (json.Element.ValueKind != JsonValueKind.Object || !json.Element.TryGetProperty("kind", out var kindElement)) throw new FormatException($"{json.Path}: 'kind' is missing");
        var kind = StrictJson.Root(kindElement, json.Path + ".kind").Choice(ColumnNames.Kind, "numeric or categorical");
        var members = kind == ColumnKind.Numeric
            ? json.Members(["name", "kind", "role", "edges", "counts", "null", "nan", "negative_infinity", "positive_infinity", "below", "above", "mismatched", "moments", "sketch", "design_effect", "forbidden", .. SchemaFormat.Rules])
            : json.Members(["name", "kind", "role", "categories", "counts", "other", "known", "singletons", "unseen", "null", "mismatched", "design_effect", "forbidden", .. SchemaFormat.Rules]);
        var name = json.Required(members, "name").Text();
        if (name.Length == 0) throw members["name"].Wrong("a name");
        var role = members.TryGetValue("role", out var text) ? text.Choice(ColumnNames.Role, ColumnNames.Roles) : ColumnRole.Feature;
        var effect = members.TryGetValue("design_effect", out var number) ? number.Number() : 1;
        if (!(effect >= 1) || !double.IsFinite(effect)) throw number.Wrong("a finite number of at least 1");
        try
        {
            return kind == ColumnKind.Numeric
                ? new(SchemaFormat.WithRules(ColumnSpec.Numeric(name, role), members), ReadHistogram(json, members))
                {
                    DesignEffect = effect,
                    Forbidden = Count(members, "forbidden"),
                    Sketch = members.TryGetValue("sketch", out var sketch) ? ReadSketch(sketch) : null,
                }
                : new(SchemaFormat.WithRules(ColumnSpec.Categorical(name, role), members), ReadCategories(json, members)) { DesignEffect = effect, Forbidden = Count(members, "forbidden") };
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"{json.Path} ('{name}'): {error.Message}", error);
        }
    }

    static Histogram ReadHistogram(StrictJson json, Dictionary<string, StrictJson> members) =>
        new(Binning.Of([.. json.Required(members, "edges").Items().Select(edge => edge.Number())]), ReadCounts(json, members))
        {
            Null = Count(members, "null"),
            NaN = Count(members, "nan"),
            NegativeInfinity = Count(members, "negative_infinity"),
            PositiveInfinity = Count(members, "positive_infinity"),
            Below = Count(members, "below"),
            Above = Count(members, "above"),
            Mismatched = Count(members, "mismatched"),
            Moments = members.TryGetValue("moments", out var moments) ? ReadMoments(moments) : Moments.Empty,
        };

    static CategoryCounts ReadCategories(StrictJson json, Dictionary<string, StrictJson> members)
    {
        var categories = json.Required(members, "categories").Items().Select(category => category.Text());
        return new(new(categories, members.TryGetValue("known", out var known) ? ReadKnown(known) : [], Count(members, "singletons")), ReadCounts(json, members))
        {
            Other = Count(members, "other"),
            Unseen = Count(members, "unseen"),
            Null = Count(members, "null"),
            Mismatched = Count(members, "mismatched"),
        };
    }

    static Moments ReadMoments(StrictJson json)
    {
        var members = json.Members("n", "mean", "m2", "min", "max");
        var n = json.Required(members, "n").Whole();
        return n == 0 ? Moments.Empty : new(n, json.Required(members, "mean").Number(), json.Required(members, "m2").Number(), json.Required(members, "min").Number(), json.Required(members, "max").Number());
    }

    static ulong[] ReadKnown(StrictJson json)
    {
        if (!json.Element.TryGetBytesFromBase64(out var bytes) || bytes.Length % 8 != 0) throw json.Wrong("the base64 of 64-bit hashes");
        var known = new ulong[bytes.Length / 8];
        for (var i = 0; i < known.Length; i++) known[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8));
        return known;
    }

    static long[] ReadCounts(StrictJson json, Dictionary<string, StrictJson> members) => [.. json.Required(members, "counts").Items().Select(count => count.Whole())];

    static long Count(Dictionary<string, StrictJson> members, string name) => members.TryGetValue(name, out var count) ? count.Whole() : 0;
}
