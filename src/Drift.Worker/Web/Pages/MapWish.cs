using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>What of the map is wanted: which measure, which columns by name or verdict, which page of them.</summary>
sealed record MapWish(string Measure, string Filter, bool MovedOnly, int Page)
{
    public static MapWish Of(HttpContext http)
    {
        var measure = Query.Text(http, "measure") is { Length: > 0 } named ? named : WindowSheet.Measures[0];
        if (!WindowSheet.Measures.Contains(measure)) throw RequestException.Bad($"measure: '{measure}' is none of {string.Join(", ", WindowSheet.Measures)}");
        return new MapWish(measure, Query.Text(http, "filter") ?? "", Query.Text(http, "show") == "moved", Query.Whole(http, "page", 1, 1, 100_000));
    }

    /// <summary>Their fields for the form.</summary>
    public Html Fields() => Html.Of($"""
        <label>Measure<select name="measure">{WindowSheet.Measures.Select(m => Parts.Option(m, m == "psi_corrected" ? "psi above noise" : m.Replace('_', ' '), m == Measure))}</select></label>
        <label>Column contains<input name="filter" size="14" value="{Filter}"></label>
        <label>Columns<select name="show">{Parts.Option("all", "all", !MovedOnly)}{Parts.Option("moved", "that moved", MovedOnly)}</select></label>
        """);

    /// <summary>The same with another page, for a link.</summary>
    public (string, string?)[] At(int page) => [("measure", Measure == WindowSheet.Measures[0] ? null : Measure), ("filter", Filter), ("show", MovedOnly ? "moved" : null), ("page", page == 1 ? null : $"{page}")];
}
