using System.Net;
using System.Net.Sockets;

namespace Drift.Alerts;

/// <summary>Which addresses belong to a network of one's own: a name that leads there from a policy is not followed unless the channel allows it.</summary>
static class PrivateAddresses
{
    static readonly IPNetwork[] ranges =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    static readonly IPNetwork translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        // An IPv4 address behind a translator is as private as it is itself.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && translated.Contains(address)) address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        return Array.Exists(ranges, r => r.BaseAddress.AddressFamily == address.AddressFamily && r.Contains(address));
    }

    /// <summary>Whether the address itself, not a name that may lead anywhere, stands in the policy: then it was meant.</summary>
    public static bool IsSpelledOut(Uri url) => IPAddress.TryParse(url.DnsSafeHost, out _) || url.IsLoopback;
}
