namespace Drift;

/// <summary>The names of kinds, types and roles in documents, flags and policies.</summary>
public static class ColumnNames
{
    /// <summary>All role names.</summary>
    public const string Roles = "feature, prediction, score, truth, segment, service, id, time, ignore";

    /// <summary>The name of a kind.</summary>
    public static string Of(ColumnKind kind) => kind == ColumnKind.Numeric ? "numeric" : "categorical";

    /// <summary>The name of a role.</summary>
    public static string Of(ColumnRole role) => role switch
    {
        ColumnRole.Feature => "feature",
        ColumnRole.Prediction => "prediction",
        ColumnRole.Score => "score",
        ColumnRole.Truth => "truth",
        ColumnRole.Segment => "segment",
        ColumnRole.Service => "service",
        ColumnRole.Id => "id",
        ColumnRole.Time => "time",
        ColumnRole.Ignore => "ignore",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>The name of a type.</summary>
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Int => "int",
        ColumnType.Float => "float",
        ColumnType.Bool => "bool",
        ColumnType.Text => "text",
        ColumnType.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The kind of that name, or null.</summary>
    public static ColumnKind? Kind(string name) => name switch { "numeric" => ColumnKind.Numeric, "categorical" => ColumnKind.Categorical, _ => null };

    /// <summary>The role of that name, or null.</summary>
    public static ColumnRole? Role(string name)
    {
        foreach (var role in Enum.GetValues<ColumnRole>())
            if (Of(role) == name) return role;
        return null;
    }

    /// <summary>The type of that name, or null.</summary>
    public static ColumnType? Type(string name)
    {
        foreach (var type in Enum.GetValues<ColumnType>())
            if (Of(type) == name) return type;
        return null;
    }
}
