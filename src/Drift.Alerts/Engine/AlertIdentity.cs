using System.Security.Cryptography;
using System.Text;

namespace Drift.Alerts;

/// <summary>What makes two alerts the same: the names by which everything else finds them again.</summary>
static class AlertIdentity
{
    /// <summary>FNV-1a, 64 bits, over the sorted label names and values, each ended by a byte that UTF-8 never contains.</summary>
    public static string Key(string name, string model, string version, string column, string segment)
    {
        var hash = 14695981039346656037UL;
        ReadOnlySpan<string> sorted = ["alertname", name, "column", column, "model", model, "segment", segment, "version", version];
        foreach (var text in sorted)
        {
            foreach (var b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 1099511628211UL;
            hash = (hash ^ 0xff) * 1099511628211UL;
        }
        return hash.ToString("x16");
    }

    /// <summary>The name of the episode that a window opens. A revision that opens it anew is another episode.</summary>
    public static string Episode(string key, Window window) =>
        Digest(key, window.Start.UtcTicks.ToString("x"), window.End.UtcTicks.ToString("x"), window.Revision.ToString("x"));

    /// <summary>128 bits of SHA-256 over the parts, in hexadecimal.</summary>
    public static string Digest(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0xff]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
