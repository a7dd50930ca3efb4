using System.Globalization;
using System.Text;

namespace Drift;

/// <summary>Untrusted text in HTML: whatever it holds, it stays text.</summary>
static class HtmlText
{
    /// <summary>
    /// Escapes text for element content and for quoted attributes. Control and direction characters, which browsers drop or obey, are written out;
    /// lone surrogates become the replacement character; what is longer than <paramref name="most"/> characters is cut.
    /// </summary>
    public static string Encode(string text, int most = 200)
    {
        var encoded = new StringBuilder(Math.Min(text.Length, most) + 16);
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown++ >= most) return encoded.Append('…').ToString();
            switch (rune.Value)
            {
                case '<': encoded.Append("&lt;"); break;
                case '>': encoded.Append("&gt;"); break;
                case '&': encoded.Append("&amp;"); break;
                case '"': encoded.Append("&quot;"); break;
                case '\'': encoded.Append("&#39;"); break;
                default:
                    if (IsInvisible(rune)) encoded.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                    else encoded.Append(rune);
                    break;
            }
        }
        return encoded.ToString();
    }

    /// <summary>Escapes JSON for element content; quotes stay, so that it can be copied and small.</summary>
    public static string EncodeJson(string json) =>
        json.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
