namespace Drift.Alerts;

/// <summary>Makes the channels that a policy describes.</summary>
public static class ChannelFactory
{
    /// <summary>The channel of a description; null for a kind that the host must provide itself (<c>kafka</c>). A webhook whose address is still the placeholder writes to the console.</summary>
    public static IAlertChannel? Create(ChannelSpec spec, ChannelServices services)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(services);
        if (spec.IsPlaceholder) return new ConsoleChannel(spec.Name, services.Console);
        var channel = OfKind(spec, services);
        return channel is null || spec["template"] is not { } template ? channel : new TemplatedChannel(channel, new TextTemplate(template.ToString()));
    }

    /// <summary>A channel of the host's own, with the template that the policy gives it.</summary>
    public static IAlertChannel Adopt(ChannelSpec spec, IAlertChannel channel)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec["template"] is { } template ? new TemplatedChannel(channel, new TextTemplate(template.ToString())) : channel;
    }

    static IAlertChannel? OfKind(ChannelSpec spec, ChannelServices services) =>
        spec.Kind switch
        {
            "console" => new ConsoleChannel(spec.Name, services.Console),
            "file" => new FileChannel(spec.Name, new HttpSender(spec, services).Setting("path")!),
            "webhook" => new WebhookChannel(spec, services),
            "alertmanager" => new AlertmanagerChannel(spec, services),
            "slack" => new SlackChannel(spec, services),
            "teams" => new TeamsChannel(spec, services),
            "email" => new EmailChannel(spec, services),
            "pagerduty" => new PagerDutyChannel(spec, services),
            _ => null,
        };

    /// <summary>All channels of a policy that can be made here, by name.</summary>
    public static IReadOnlyDictionary<string, IAlertChannel> Create(Policy policy, ChannelServices services)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Channels.Select(spec => Create(spec, services)).OfType<IAlertChannel>().ToDictionary(c => c.Name, StringComparer.Ordinal);
    }
}
