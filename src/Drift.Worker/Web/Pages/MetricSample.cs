using System.Globalization;
using System.Text;

namespace Drift.Worker.Web.Pages;

/// <summary>One sample of our own <c>/metrics</c>: pages show the same numbers that Prometheus gets.</summary>
sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public static List<MetricSample> Parse(string text)
    {
        var samples = new List<MetricSample>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var brace = line.IndexOf('{', StringComparison.Ordinal);
            var name = line[..(brace < 0 ? Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal)) : brace)];
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            var at = brace < 0 ? name.Length : ReadLabels(line, brace + 1, labels);
            if (double.TryParse(line[at..].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) samples.Add(new MetricSample(name, labels, value));
        }
        return samples;
    }

    /// <summary>Reads <c>name="value",..}</c>; returns where the value of the sample begins.</summary>
    static int ReadLabels(string line, int at, Dictionary<string, string> labels)
    {
        while (at < line.Length && line[at] != '}')
        {
            var equal = line.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equal < 0) return line.Length;
            var value = new StringBuilder();
            var i = equal + 2;
            for (; i < line.Length && line[i] != '"'; i++)
                value.Append(line[i] != '\\' || i + 1 >= line.Length ? line[i] : line[++i] == 'n' ? '\n' : line[i]);
            labels[line[at..equal].TrimStart(',', ' ')] = value.ToString();
            at = i + 1;
        }
        return Math.Min(line.Length, at + 1);
    }
}
