using System.Text;

namespace Drift.Core.Tests.Profiles;

public sealed class ProfileFormatTests
{
    const string Document = """
        {"format":"drift-profile","version":1,"model":"fraud","model_version":"3","rows":4,"window":{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"},
         "columns":[{"name":"x","kind":"numeric","role":"feature","edges":[0,1,2],"counts":[1,2],"null":1},
                    {"name":"c","kind":"categorical","categories":["a"],"counts":[3],"other":0,"known":"","unseen":0,"null":1}],"x-note":{"by":"me"}}
        """;

    [Fact]
    public void A_document_by_hand_is_read()
    {
        var profile = ProfileFormat.Read(Encoding.UTF8.GetBytes(Document));
        Assert.Equal(("fraud", "3", 4), (profile.Model, profile.ModelVersion, profile.Rows));
        Assert.Equal([1L, 2L], profile.Find("x")!.Histogram!.Counts.ToArray());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), profile.End);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "$.version: 2 is not 1")]
    [InlineData("drift-profile", "other", "$.format")]
    [InlineData("\"rows\":4", "\"rows\":-1", "$.rows: -1 is not a whole number")]
    [InlineData("\"x-note\"", "\"note\"", "$.note: unknown member")]
    [InlineData("[0,1,2]", "[0,1,1]", "edge 2")]
    [InlineData("[0,1,2]", "[0,1]", "2 counts for 1 cells")]
    [InlineData("[1,2]", "[1,\"2\"]", "$.columns[0].counts[1]: \"2\" is not a whole number")]
    [InlineData("\"numeric\"", "\"number\"", "$.columns[0].kind: \"number\" is not numeric or categorical")]
    [InlineData("\"feature\"", "\"input\"", "$.columns[0].role")]
    [InlineData("\"name\":\"c\"", "\"name\":\"x\"", "'x' stands twice")]
    [InlineData("\"known\":\"\"", "\"known\":\"AA==\"", "$.columns[1].known")]
    [InlineData("\"null\":1}]", "\"null\":1,\"null\":2}]", "not a profile document")]
    [InlineData("2026-01-02", "2025-01-02", "start is before its end")]
    [InlineData("\"edges\":[0,1,2],", "", "'edges' is missing")]
    public void What_is_wrong_is_said_with_its_place(string right, string wrong, string said)
    {
        Assert.Contains(right, Document);
        var error = Assert.Throws<FormatException>(() => ProfileFormat.Read(Encoding.UTF8.GetBytes(Document.Replace(right, wrong))));
        Assert.Contains(said, error.Message);
    }

    [Fact]
    public void Any_truncation_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Document);
        for (var length = 0; length < bytes.Length - 2; length++) Assert.Throws<FormatException>(() => ProfileFormat.Read(bytes.AsSpan(0, length)));
        var profile = ProfileFormat.Read(bytes);
        var counts = ProfileFormat.WriteCounts(profile);
        for (var length = 0; length < counts.Length; length++) Assert.Throws<FormatException>(() => ProfileFormat.ReadCounts(counts.AsSpan(0, length), profile));
    }

    [Fact]
    public void Edges_and_moments_survive_bit_by_bit()
    {
        var values = Enumerable.Range(0, 1000).Select(i => Math.Sin(i) * Math.Exp(i % 50)).ToArray();
        var profile = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"))).Add("x", values).ToProfile();
        var again = ProfileFormat.Read(ProfileFormat.Write(profile));
        Assert.Equal(profile.Columns[0].Histogram!.Binning, again.Columns[0].Histogram!.Binning);
        Assert.Equal(profile.Columns[0].Histogram!.Moments, again.Columns[0].Histogram!.Moments);
        Assert.Equal(profile.Id, again.Id);
    }
}
