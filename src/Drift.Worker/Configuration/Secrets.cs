using System.Text;

namespace Drift.Worker.Configuration;

/// <summary>Puts <c>${env:NAME}</c> and <c>${file:PATH}</c> in place. What it finds never appears in a message.</summary>
static class Secrets
{
    const int LargestFile = 1 << 16;

    /// <summary>The text with its references replaced; a problem names the variable or the file, never a value.</summary>
    public static string Expand(string text, string directory, Action<string> problem)
    {
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (open < 0)
            {
                result.Append(text, at, text.Length - at);
                break;
            }
            if (close < 0)
            {
                problem("'${' without its '}'");
                break;
            }
            result.Append(text, at, open - at);
            result.Append(Resolve(text[(open + 2)..close], directory, problem));
            at = close + 1;
        }
        return result.ToString();
    }

    static string Resolve(string reference, string directory, Action<string> problem)
    {
        if (reference.StartsWith("env:", StringComparison.Ordinal))
        {
            var name = reference[4..];
            if (Environment.GetEnvironmentVariable(name) is { } value) return value;
            problem($"the environment variable {name} is not set");
        }
        else if (reference.StartsWith("file:", StringComparison.Ordinal))
        {
            try
            {
                var file = new FileInfo(Path.GetFullPath(reference[5..], directory));
                if (file.Exists && file.Length <= LargestFile) return File.ReadAllText(file.FullName).TrimEnd('\r', '\n');
                problem($"the file {reference[5..]} {(file.Exists ? "is too large for a secret" : "does not exist")}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                problem($"the file {reference[5..]} cannot be read");
            }
        }
        else
        {
            problem("'${..}' is neither ${env:NAME} nor ${file:PATH}");
        }
        return "";
    }
}
