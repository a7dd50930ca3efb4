using System.Diagnostics.CodeAnalysis;

namespace Drift;

/// <summary>
/// How notebooks (.NET Interactive, Polyglot Notebooks) find a type's formatter without either side referencing the other: by the simple name of this attribute and
/// the shape of the two types below.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type that makes the formatters.</summary>
    public Type FormatterSourceType => formatterSourceType;

    /// <summary>The types of output, best first.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Makes the formatters of a report.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The convention asks for instance members.")]
sealed class NotebookFormatterSource
{
    /// <summary>One formatter per type of output.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter()];
}

/// <summary>Shows a report as its HTML fragment.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The convention asks for instance members.")]
sealed class NotebookFormatter
{
    /// <summary>What it writes.</summary>
    public string MimeType => "text/html";

    /// <summary>Writes the instance; false when it is not a report.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not DriftReport report) return false;
        writer.Write(report.ToHtmlFragment());
        return true;
    }
}
