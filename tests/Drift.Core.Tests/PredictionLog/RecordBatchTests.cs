using System.Buffers;

namespace Drift.Core.Tests.PredictionLog;

public sealed class RecordBatchTests
{
    static readonly DateTimeOffset time = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    static Profile Reference() => ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Categorical("c"), ColumnSpec.Numeric("p", ColumnRole.Prediction)))
        .Add("x", Enumerable.Range(0, 1000).Select(i => (double)i).ToArray()).Add("c", Enumerable.Range(0, 1000).Select(i => "abc"[i % 3].ToString()))
        .Add("p", Enumerable.Range(0, 1000).Select(i => i / 1000.0).ToArray()).ToProfile();

    /// <summary>Writer, reader and batch against the library's own way to count: more rows than a block, every kind of cell.</summary>
    [Fact]
    public void Records_count_like_columns()
    {
        const int rows = 5000;
        var reference = Reference();
        var layout = new RecordLayout("m", reference.Schema.Columns);
        var reader = new RecordReader(new RecordLayouts([layout]));
        var builder = ProfileBuilder.ForWindow(reference);
        var batch = new RecordBatch(layout, builder);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new RecordWriter(buffer);
        double[] special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -5, 1e9, -0.0];
        var xs = new List<double>();
        var cs = new List<string?>();
        var ps = new List<double>();
        for (var i = 0; i < rows; i++)
        {
            var x = i % 7 == 0 ? special[i / 7 % special.Length] : i % 1000;
            var c = i % 11 == 0 ? null : i % 13 == 0 ? "new" : "abc"[i % 3].ToString();
            buffer.Clear();
            writer.Begin(time, "m").Feature("x", x).Feature("c", c).Prediction(i % 10 / 10.0).End();
            Assert.Equal(RecordOutcome.Ok, reader.Read(buffer.WrittenSpan, time.UtcTicks));
            batch.Add(reader.Row);
            xs.Add(x);
            cs.Add(c);
            ps.Add(i % 10 / 10.0);
        }
        batch.Flush();
        var expected = ProfileBuilder.ForWindow(reference).Add("x", xs.ToArray()).Add("c", cs).Add("p", ps.ToArray()).ToProfile();
        var actual = builder.ToProfile();
        Assert.Equal(rows, actual.Rows);
        Assert.Equal(Counts(expected), Counts(actual));
    }

    [Fact]
    public void Mismatched_and_absent_cells_are_counted_apart()
    {
        var reference = Reference();
        var layout = new RecordLayout("m", reference.Schema.Columns);
        var reader = new RecordReader(new RecordLayouts([layout]));
        var builder = ProfileBuilder.ForWindow(reference);
        var batch = new RecordBatch(layout, builder);
        foreach (var features in new[] { "{}", """{"x":"text","c":[1]}""", """{"x":null,"c":"a"}""", """{"x":5}""" })
        {
            Assert.Equal(RecordOutcome.Ok, reader.Read(System.Text.Encoding.UTF8.GetBytes($$"""{"ts":"2026-11-20T20:00:00Z","model":"m","features":{{features}}}"""), time.UtcTicks));
            batch.Add(reader.Row);
        }
        batch.Flush();
        batch.Flush();
        var profile = builder.ToProfile();
        Assert.Equal(4, profile.Rows);
        Assert.Equal((2, 1, 1), (profile.Find("x")!.Null, profile.Find("x")!.Violations, profile.Find("x")!.Values));
        Assert.Equal((2, 1, 1), (profile.Find("c")!.Null, profile.Find("c")!.Violations, profile.Find("c")!.Values));
        Assert.Equal(4, profile.Find("p")!.Null);
    }

    /// <summary>The moments' last digits depend on the order of addition; everything else is exact.</summary>
    static string Counts(Profile profile) => string.Join("\n", profile.Columns.Select(c => c.Histogram is { } h
        ? $"{c.Name}: {string.Join(",", h.Counts.ToArray())} {h.Null} {h.NaN} {h.NegativeInfinity} {h.PositiveInfinity} {h.Below} {h.Above} {h.Mismatched} {h.Moments.N}"
        : $"{c.Name}: {string.Join(",", c.Categories!.Counts.ToArray())} {c.Categories.Other} {c.Categories.Unseen} {c.Null} {c.Categories.Mismatched}"));
}
