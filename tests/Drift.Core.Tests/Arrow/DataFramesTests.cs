#if ARROW
using System.Text;
using Apache.Arrow.Ipc;
using Drift.Tests;
using Microsoft.Data.Analysis;

namespace Drift.Core.Tests.Arrow;

/// <summary>Frames of the real Microsoft.Data.Analysis count what the same values added plainly count, wherever the frame got its memory.</summary>
public sealed class DataFramesTests
{
    static string Text(Profile profile) => Encoding.UTF8.GetString(ProfileFormat.Write(profile));

    static Schema Of(params string[] names) => Schema.Of([.. names.Select(n => ArrowRows.Numbers.Contains(n) || n == "decimal" ? ColumnSpec.Numeric(n) : ColumnSpec.Categorical(n))]);

    static IEnumerable<T?> Numbers<T>(string column) where T : unmanaged, System.Numerics.INumber<T> => Enumerable.Range(0, 300).Select(i => ArrowRows.Number(column, i) is { } v ? T.CreateChecked(v) : (T?)null);

    static DataFrame Frame() => new(
        new DoubleDataFrameColumn("double", Numbers<double>("double")), new SingleDataFrameColumn("float", Numbers<float>("float")), new SByteDataFrameColumn("int8", Numbers<sbyte>("int8")),
        new Int16DataFrameColumn("int16", Numbers<short>("int16")), new Int32DataFrameColumn("int32", Numbers<int>("int32")), new Int64DataFrameColumn("int64", Numbers<long>("int64")),
        new ByteDataFrameColumn("uint8", Numbers<byte>("uint8")), new UInt16DataFrameColumn("uint16", Numbers<ushort>("uint16")), new UInt32DataFrameColumn("uint32", Numbers<uint>("uint32")),
        new UInt64DataFrameColumn("uint64", Numbers<ulong>("uint64")), new StringDataFrameColumn("text", Enumerable.Range(0, 300).Select(i => ArrowRows.Text("text", i))),
        new BooleanDataFrameColumn("bool", Enumerable.Range(0, 300).Select(ArrowRows.Flag)));

    static readonly Schema framed = Of("double", "float", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "text", "bool");

    [Fact]
    public void A_frame_of_every_type_counts_as_its_values_do()
    {
        var frame = Frame();
        Assert.Equal(Text(ProfileBuilder.ForReference(framed, bins: 6).AddPlainly(0, 300).ToProfile()), Text(ProfileBuilder.ForReference(framed, bins: 6).AddFrame(frame).ToProfile()));
        var part = frame.Filter(new PrimitiveDataFrameColumn<long>("rows", Enumerable.Range(13, 40).Select(i => (long)i)));
        Assert.Equal(Text(ProfileBuilder.ForReference(framed, bins: 6).AddPlainly(13, 40).ToProfile()), Text(ProfileBuilder.ForReference(framed, bins: 6).AddFrame(part).ToProfile()));
        Assert.Equal(Text(ProfileBuilder.ForReference(framed, bins: 6).AddPlainly(0, 300).ToProfile()), Text(ProfileBuilder.ForReference(framed, bins: 6).AddFrame(frame.Head(100)).AddFrame(Rest(frame)).ToProfile()));
        static DataFrame Rest(DataFrame frame) => frame.Filter(new PrimitiveDataFrameColumn<long>("rows", Enumerable.Range(100, 200).Select(i => (long)i)));
    }

    /// <summary>The spans of such a frame are of other memory (an offset in bytes is taken for one in elements): its values must not come from them.</summary>
    [Theory]
    [InlineData("built")]
    [InlineData("memory")]
    [InlineData("stream")]
    public void A_frame_that_was_imported_from_Arrow_counts_as_its_values_do(string how)
    {
        var imported = Of("double", "float", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "text");
        foreach (var batch in Batches(ArrowRows.Batch(imported, 300), how))
            Assert.Equal(Text(ProfileBuilder.ForReference(imported, bins: 6).AddPlainly(0, 300).ToProfile()), Text(ProfileBuilder.ForReference(imported, bins: 6).AddFrame(DataFrame.FromArrowRecordBatch(batch)).ToProfile()));
    }

    [Theory]
    [InlineData("built")]
    [InlineData("memory")]
    [InlineData("stream")]
    public void Booleans_that_were_imported_from_Arrow_are_refused_for_the_frame_has_them_wrong(string how)
    {
        foreach (var batch in Batches(ArrowRows.Batch(Of("bool"), 300), how))
        {
            var e = Assert.Throws<NotSupportedException>(() => ProfileBuilder.ForReference(Of("bool")).AddFrame(DataFrame.FromArrowRecordBatch(batch)));
            Assert.StartsWith("column 'bool': ", e.Message, StringComparison.Ordinal);
            Assert.Equal(Text(ProfileBuilder.ForReference(Of("bool")).AddPlainly(0, 300).ToProfile()), Text(ProfileBuilder.ForReference(Of("bool")).AddBatch(batch).ToProfile()));
        }
    }

    static IEnumerable<Apache.Arrow.RecordBatch> Batches(Apache.Arrow.RecordBatch batch, string how)
    {
        if (how == "built") return [batch];
        var written = new MemoryStream();
        using (var writer = new ArrowStreamWriter(written, batch.Schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        written.Position = 0;
        var reader = how == "memory" ? new ArrowStreamReader(written.ToArray()) : new ArrowStreamReader(written);
        return [reader.ReadNextRecordBatch(), reader.ReadNextRecordBatch()];
    }

    [Fact]
    public void Decimals_are_numbers_and_characters_are_categories()
    {
        var frame = new DataFrame(new DecimalDataFrameColumn("decimal", [1.5m, null, 2.5m]), new CharDataFrameColumn("char", ['a', null, '\u00fc']));
        var expected = ProfileBuilder.ForReference(Of("decimal", "char")).Add("decimal", [1.5, 0, 2.5], [0b101]).Add("char", ["a", null, "\u00fc"]).ToProfile();
        Assert.Equal(Text(expected), Text(ProfileBuilder.ForReference(Of("decimal", "char")).AddFrame(frame).ToProfile()));
    }

    [Fact]
    public void What_is_missing_is_null_the_other_kind_is_mismatched_and_what_is_neither_is_refused()
    {
        var other = Schema.Of(ColumnSpec.Numeric("text"), ColumnSpec.Numeric("bool"), ColumnSpec.Categorical("double"), ColumnSpec.Numeric("absent"));
        var profile = ProfileBuilder.ForReference(other).AddFrame(Frame()).ToProfile();
        foreach (var (name, nulls) in (ReadOnlySpan<(string, int)>)[("text", Enumerable.Range(0, 300).Count(i => ArrowRows.Text("text", i) is null)), ("bool", Enumerable.Range(0, 300).Count(i => ArrowRows.Flag(i) is null)), ("double", Enumerable.Range(0, 300).Count(i => ArrowRows.Number("double", i) is null)), ("absent", 300)])
            Assert.Equal((name, nulls, 300 - nulls), (name, (int)profile.Find(name)!.Null, (int)profile.Find(name)!.Violations));
        var times = new DataFrame(new DateTimeDataFrameColumn("t", [DateTime.UnixEpoch]));
        foreach (var spec in (ReadOnlySpan<ColumnSpec>)[ColumnSpec.Numeric("t"), ColumnSpec.Categorical("t")])
            Assert.StartsWith("column 't': DateTime is not read", Assert.Throws<NotSupportedException>(() => ProfileBuilder.ForReference(Schema.Of(spec)).AddFrame(times)).Message, StringComparison.Ordinal);
    }
}
#endif
