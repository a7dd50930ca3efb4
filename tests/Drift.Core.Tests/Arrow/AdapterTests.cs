#if ARROW
using Apache.Arrow;
using Microsoft.Data.Analysis;
#endif

namespace Drift.Core.Tests.Arrow;

/// <summary>The adapters count what the plain overloads count; against the real packages only, never against types of our own that look like them.</summary>
public sealed class AdapterTests
{
#if ARROW
    static readonly Schema schema = Drift.Schema.Of(ColumnSpec.Numeric("n"), ColumnSpec.Categorical("s"), ColumnSpec.Categorical("f"), ColumnSpec.Categorical("d"));

    static Profile Expected(int from, int count) => ProfileBuilder.ForReference(schema, bins: 4)
        .Add("n", [.. Enumerable.Range(from, count).Select(i => (double)i)], Validity.Of(count, i => (from + i) % 3 != 0))
        .Add("s", Enumerable.Range(from, count).Select(i => i % 4 == 0 ? null : $"t{i % 5}")).Add("f", Enumerable.Range(from, count).Select(i => i % 7 == 0 ? null : i % 2 == 0 ? "true" : "false"))
        .Add("d", Enumerable.Range(from, count).Select(i => i % 4 == 0 ? null : $"t{i % 5}")).ToProfile();

    [Fact]
    public void A_sliced_record_batch_counts_as_its_values_do()
    {
        var numbers = new DoubleArray.Builder();
        var text = new StringArray.Builder();
        var flags = new BooleanArray.Builder();
        var codes = new Int8Array.Builder();
        var entries = new StringArray.Builder();
        for (var i = 0; i < 5; i++) entries.Append($"t{i}");
        for (var i = 0; i < 100; i++)
        {
            if (i % 3 == 0) numbers.AppendNull(); else numbers.Append(i);
            if (i % 4 == 0) text.AppendNull(); else text.Append($"t{i % 5}");
            flags.NullableAppend(i % 7 == 0 ? null : i % 2 == 0);
            if (i % 4 == 0) codes.AppendNull(); else codes.Append((sbyte)(i % 5));
        }
        var dictionary = new DictionaryArray(new Apache.Arrow.Types.DictionaryType(Apache.Arrow.Types.Int8Type.Default, Apache.Arrow.Types.StringType.Default, false), codes.Build(), entries.Build());
        var arrow = new Apache.Arrow.Schema.Builder().Field(f => f.Name("n").DataType(Apache.Arrow.Types.DoubleType.Default)).Field(f => f.Name("s").DataType(Apache.Arrow.Types.StringType.Default))
            .Field(f => f.Name("f").DataType(Apache.Arrow.Types.BooleanType.Default)).Field(f => f.Name("d").DataType(dictionary.Data.DataType)).Build();
        using var batch = new Apache.Arrow.RecordBatch(arrow, [numbers.Build(), text.Build(), flags.Build(), dictionary], 100);
        var part = new Apache.Arrow.RecordBatch(arrow, batch.Arrays.Cast<Apache.Arrow.Array>().Select(array => array.Slice(13, 40)), 40);
        Assert.Equal(ProfileFormat.Write(Expected(0, 100)), ProfileFormat.Write(ProfileBuilder.ForReference(schema, bins: 4).AddBatch(batch).ToProfile()));
        Assert.Equal(ProfileFormat.Write(Expected(13, 40)), ProfileFormat.Write(ProfileBuilder.ForReference(schema, bins: 4).AddBatch(part).ToProfile()));
    }

    [Fact]
    public void A_data_frame_counts_as_its_values_do()
    {
        var frame = new DataFrame(
            new DoubleDataFrameColumn("n", Enumerable.Range(0, 100).Select(i => i % 3 == 0 ? (double?)null : i)), new StringDataFrameColumn("s", Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? null : $"t{i % 5}")),
            new BooleanDataFrameColumn("f", Enumerable.Range(0, 100).Select(i => i % 7 == 0 ? (bool?)null : i % 2 == 0)), new StringDataFrameColumn("d", Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? null : $"t{i % 5}")));
        Assert.Equal(ProfileFormat.Write(Expected(0, 100)), ProfileFormat.Write(ProfileBuilder.ForReference(schema, bins: 4).AddFrame(frame).ToProfile()));
    }
#else
    [Fact]
    public void The_adapters_are_tested() =>
        Assert.Skip("Apache.Arrow and Microsoft.Data.Analysis cannot be restored from this package source: their adapters are NOT built and NOT tested here");
#endif
}
