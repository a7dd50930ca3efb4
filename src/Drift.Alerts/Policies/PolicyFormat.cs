using System.Text.Json;

namespace Drift.Alerts;

/// <summary>The policy document: reads it, saying everything that is wrong at once, and writes it.</summary>
public static class PolicyFormat
{
    /// <summary>Reads a policy document; comments and trailing commas are allowed.</summary>
    public static PolicyCheck Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 };
            var reader = new Utf8JsonReader(utf8, options);
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read()) return Failed("$", "the document goes on after its end");
            return new PolicyReader().Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return Failed("$", $"not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {Plain(e.Message)}");
        }
        catch (InvalidOperationException e)
        {
            // A string whose escapes are no valid text is found only when it is taken out.
            return Failed("$", Plain(e.Message));
        }
    }

    static PolicyCheck Failed(string path, string message) => new(null, [new PolicyError(path, message)], []);

    internal static string Plain(string message) => message.Split(" LineNumber:")[0].Split(" Path:")[0];

    /// <summary>Writes the policy as an indented document.</summary>
    public static byte[] Write(Policy policy) => PolicyWriter.Write(policy, indented: true);

    /// <summary>The canonical form that <see cref="Policy.Hash"/> is taken of: fixed member order, names sorted, defaults left out.</summary>
    public static byte[] Canonical(Policy policy) => PolicyWriter.Write(policy, indented: false);
}
