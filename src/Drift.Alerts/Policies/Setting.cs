namespace Drift.Alerts;

/// <summary>A text of the policy in which secrets are only referred to: <c>${env:NAME}</c> and <c>${file:PATH}</c>. Prints the references, never what they stand for.</summary>
public sealed class Setting : IEquatable<Setting>
{
    readonly string text;

    /// <summary>Keeps the text with its references.</summary>
    public Setting(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        this.text = text;
    }

    /// <summary>Whether the text holds a reference.</summary>
    public bool HasReference => text.Contains("${env:", StringComparison.Ordinal) || text.Contains("${file:", StringComparison.Ordinal);

    /// <summary>Whether the text is one reference and nothing else.</summary>
    public bool IsReference => HasReference && text.StartsWith("${", StringComparison.Ordinal) && text.IndexOf('}', StringComparison.Ordinal) == text.Length - 1;

    /// <summary>The text with every reference replaced by what the resolver gives for (<c>env</c> or <c>file</c>, name).</summary>
    /// <exception cref="InvalidOperationException">A reference cannot be resolved; the message names it.</exception>
    public string Resolve(SecretResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        var result = new System.Text.StringBuilder();
        var rest = text.AsSpan();
        while (true)
        {
            var at = rest.IndexOf("${", StringComparison.Ordinal);
            var end = at < 0 ? -1 : rest[at..].IndexOf('}');
            if (end < 0) return result.Append(rest).ToString();
            result.Append(rest[..at]);
            var reference = rest.Slice(at + 2, end - 2);
            var colon = reference.IndexOf(':');
            if (colon < 0 || reference[..colon] is not ("env" or "file"))
                result.Append(rest.Slice(at, end + 1));
            else
                result.Append(resolver(reference[..colon].ToString(), reference[(colon + 1)..].ToString())
                    ?? throw new InvalidOperationException(Missing(reference[..colon].ToString(), reference[(colon + 1)..].ToString())));
            rest = rest[(at + end + 1)..];
        }
    }

    static string Missing(string kind, string name) =>
        kind == "env" ? $"the environment variable {name} is not set" : $"the secret file {name} cannot be read";

    /// <inheritdoc/>
    public bool Equals(Setting? other) => other is not null && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Setting);

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text as written, references unresolved.</summary>
    public override string ToString() => text;
}

/// <summary>Gives the value of a secret, or null when there is none.</summary>
/// <param name="kind"><c>env</c> or <c>file</c>.</param>
/// <param name="name">The variable's name or the file's path.</param>
public delegate string? SecretResolver(string kind, string name);

/// <summary>The resolver that programs use: environment variables, and files without their last line break.</summary>
public static class Secrets
{
    /// <summary>Resolves from the environment and the file system; null for what is absent or unreadable.</summary>
    public static string? FromSystem(string kind, string name)
    {
        if (kind == "env") return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        try
        {
            return File.ReadAllText(name).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
