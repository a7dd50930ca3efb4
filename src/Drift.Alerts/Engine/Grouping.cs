using System.Text;

namespace Drift.Alerts;

/// <summary>Alerts that share a notice: those of one route with equal values of the labels that the route groups by.</summary>
sealed class Grouping
{
    Grouping(Route route, string key, IReadOnlyDictionary<string, string> labels)
    {
        Route = route;
        Key = key;
        Labels = labels;
    }

    public Route Route { get; }

    public string Key { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public List<string> Keys { get; } = [];

    /// <summary>The groups of all alerts that fire or are over, in the order of routes and then of keys.</summary>
    public static IEnumerable<Grouping> Of(Policy policy, AlertStates states)
    {
        var groups = new Dictionary<(int Route, string Key), Grouping>();
        foreach (var (key, state) in states.Alerts.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            if (state.Alert.Status is not (AlertStatus.Firing or AlertStatus.Resolved)) continue;
            for (var i = 0; i < policy.Routes.Count; i++)
            {
                var route = policy.Routes[i];
                if (!route.Match.Matches(state.Alert)) continue;
                var labels = new SortedDictionary<string, string>(route.GroupBy.Distinct().ToDictionary(l => l, state.Alert.Label), StringComparer.Ordinal);
                var name = Name(route, labels);
                if (!groups.TryGetValue((i, name), out var group)) groups[(i, name)] = group = new Grouping(route, name, labels);
                group.Keys.Add(key);
                if (!route.Continue) break;
            }
        }
        return groups.OrderBy(g => g.Key.Route).ThenBy(g => g.Key.Key, StringComparer.Ordinal).Select(g => g.Value);
    }

    // The route is named by what it picks, not by its place: moving it in the document opens no new groups.
    static string Name(Route route, SortedDictionary<string, string> labels)
    {
        var text = new StringBuilder("{");
        var picks = route.Match.Labels.Concat(route.Match.Tags.Select(t => KeyValuePair.Create("tag " + t.Key, t.Value)))
            .Where(p => !p.Value.Patterns.Contains("*")).OrderBy(p => p.Key, StringComparer.Ordinal);
        text.AppendJoin(',', picks.Select(p => $"{p.Key}=\"{p.Value}\""));
        text.Append("}:{");
        text.AppendJoin(", ", labels.Select(l => $"{l.Key}=\"{l.Value}\""));
        return text.Append('}').ToString();
    }
}
