using System.Security.Cryptography;
using System.Text;

namespace Drift.Alerts;

/// <summary>Signs and checks messages as Standard Webhooks asks: HMAC-SHA256 over <c>id.timestamp.body</c>, one signature for each secret while secrets are rotated.</summary>
public static class WebhookSignature
{
    /// <summary>How a secret begins in its written form.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="secrets">Secrets in written form: base64, usually behind <see cref="Prefix"/>.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, seconds since 1970.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <exception cref="FormatException">A secret is not base64 of at least 16 bytes. The message does not repeat it.</exception>
    public static string Sign(IEnumerable<string> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        byte[] message = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key(secret), message))));
    }

    /// <summary>Whether one of the header's signatures is one of ours; in constant time for each.</summary>
    public static bool Verify(IEnumerable<string> secrets, string id, long timestamp, ReadOnlySpan<byte> body, string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var expected = Sign(secrets, id, timestamp, body).Split(' ');
        var given = header.Split(' ');
        return expected.Any(e => given.Any(g => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(e), Encoding.UTF8.GetBytes(g))));
    }

    static byte[] Key(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        var key = new byte[text.Length];
        if (Convert.TryFromBase64String(text, key, out var length) && length >= 16) return key[..length];
        throw new FormatException($"a webhook secret is {Prefix} and base64 of at least 16 bytes");
    }
}
