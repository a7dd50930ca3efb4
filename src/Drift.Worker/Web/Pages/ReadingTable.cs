namespace Drift.Worker.Web.Pages;

/// <summary>Readings as a table: value, what it was in the reference, significance, verdict and why.</summary>
static class ReadingTable
{
    public static Html Draw(string label, IEnumerable<Reading> readings, bool columns = false)
    {
        var heads = Parts.Heads([.. columns ? ["column", "segment"] : (string[])[], "measure", "#value", "#reference", "#p adjusted", "#rows", "verdict", "why"]);
        return Parts.Table(label, heads, readings.Select(r => Html.Of($"<tr>{(columns ? Html.Of($"<th scope=\"row\"><bdi>{(r.Column.Length > 0 ? r.Column : "(all)")}</bdi></th><td><bdi>{r.Segment}</bdi></td><td>{r.Measure}</td>") : Html.Of($"<th scope=\"row\">{r.Measure}</th>"))}{Parts.Num(Parts.Number(r.Value))}{Parts.Num(Parts.Number(r.ReferenceValue))}{Parts.Num(Parts.P(r.PAdjusted))}{Parts.Num(r.Rows.ToString("N0", System.Globalization.CultureInfo.InvariantCulture))}<td>{Parts.Badge(Parts.Word(r))}</td><td><bdi>{Why(r)}</bdi></td></tr>")));
    }

    static string Why(Reading reading) => reading.Detail?.Reason ?? (reading.Detail is { Lower: { } low, Upper: { } high } ? $"{Parts.Number(low)} to {Parts.Number(high)}" : "");
}
