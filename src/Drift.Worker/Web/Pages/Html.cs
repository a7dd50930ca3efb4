using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Drift.Worker.Web.Pages;

/// <summary>
/// Markup. The only way to it is an interpolated string whose literals are ours and whose holes are encoded; so a hostile column name stays text wherever
/// it is shown.
/// </summary>
readonly record struct Html(string? Markup)
{
    public static Html Empty => new("");

    public static Html Of(HtmlHandler markup) => new(markup.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.Markup)));

    public override string ToString() => Markup ?? "";
}

/// <summary>Builds <see cref="Html"/>: literals as they stand, <see cref="Html"/> as it stands, everything else encoded.</summary>
[InterpolatedStringHandler]
readonly ref struct HtmlHandler
{
    static readonly HtmlEncoder encoder = HtmlEncoder.Create(UnicodeRanges.All);
    readonly StringBuilder text;

    public HtmlHandler(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + 16 * formattedCount);

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted(Html html) => text.Append(html.Markup);

    public void AppendFormatted(IEnumerable<Html> parts)
    {
        foreach (var part in parts) text.Append(part.Markup);
    }

    public void AppendFormatted(string? value)
    {
        // NUL has no place in HTML at all, not even encoded.
        if (value is not null) text.Append(encoder.Encode(value.Replace('\0', '\uFFFD')));
    }

    public void AppendFormatted<T>(T value) where T : IFormattable => AppendFormatted(value.ToString(null, CultureInfo.InvariantCulture));

    public void AppendFormatted<T>(T value, string format) where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => text.ToString();
}
