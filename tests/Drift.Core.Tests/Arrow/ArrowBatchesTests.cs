#if ARROW
using System.Text;
using Apache.Arrow;
using Apache.Arrow.C;
using Apache.Arrow.Types;
using Drift.Tests;

namespace Drift.Core.Tests.Arrow;

/// <summary>Record batches of the real Apache.Arrow count what the same values added plainly count, by the adapter and by the C Data Interface.</summary>
public sealed class ArrowBatchesTests
{
    static readonly Drift.Schema schema = ArrowRows.Schema;
    static readonly Profile reference = ProfileBuilder.ForReference(schema, bins: 6).AddPlainly(0, 300).ToProfile();

    static string Text(Profile profile) => Encoding.UTF8.GetString(ProfileFormat.Write(profile));

    [Theory]
    [InlineData(0, 300)]
    [InlineData(13, 40)]
    [InlineData(8, 64)]
    [InlineData(299, 1)]
    [InlineData(77, 0)]
    public void A_slice_counts_as_its_values_do(int from, int count)
    {
        using var batch = ArrowRows.Batch(schema, 300);
        using var part = batch.Slice(from, count);
        Assert.Equal(Text(ProfileBuilder.ForWindow(reference).AddPlainly(from, count).ToProfile()), Text(ProfileBuilder.ForWindow(reference).AddBatch(part).ToProfile()));
        if (count > 0) Assert.Equal(Text(ProfileBuilder.ForReference(schema, bins: 3).AddPlainly(from, count).ToProfile()), Text(ProfileBuilder.ForReference(schema, bins: 3).AddBatch(part).ToProfile()));
    }

    [Fact]
    public void Batches_add_up_and_a_slice_of_a_slice_is_one()
    {
        using var batch = ArrowRows.Batch(schema, 300);
        var (builder, plain) = (ProfileBuilder.ForWindow(reference), ProfileBuilder.ForWindow(reference));
        foreach (var (from, count) in (ReadOnlySpan<(int, int)>)[(0, 1), (1, 130), (131, 0), (131, 169)])
        {
            builder.AddBatch(batch.Slice(from, count));
            plain.AddPlainly(from, count);
        }
        Assert.Equal(Text(plain.ToProfile()), Text(builder.ToProfile()));
        Assert.Equal(Text(ProfileBuilder.ForWindow(reference).AddPlainly(35, 50).ToProfile()), Text(ProfileBuilder.ForWindow(reference).AddBatch(batch.Slice(30, 100).Slice(5, 50)).ToProfile()));
        using var none = ArrowRows.Batch(schema, 0);
        Assert.Equal(0, ProfileBuilder.ForWindow(reference).AddBatch(none).ToProfile().Rows);
    }

    [Fact]
    public void What_is_missing_is_null_and_the_other_kind_is_mismatched()
    {
        using var batch = ArrowRows.Batch(schema, 100);
        string[] swapped = ["text", "large", "view", "bool", "ucode8"];
        var other = Drift.Schema.Of([.. swapped.Select(n => ColumnSpec.Numeric(n)), ColumnSpec.Categorical("double"), ColumnSpec.Categorical("uint8"), ColumnSpec.Numeric("absent"), ColumnSpec.Numeric("empty")]);
        var more = new Apache.Arrow.RecordBatch(new Apache.Arrow.Schema([.. batch.Schema.FieldsList, new Field("empty", NullType.Default, true)], null), [.. batch.Arrays, new NullArray(100)], 100);
        var profile = ProfileBuilder.ForReference(other).AddBatch(more).ToProfile();
        foreach (var name in (string[])[.. swapped, "double", "uint8"])
        {
            var nulls = Enumerable.Range(0, 100).Count(i => name is "double" or "uint8" ? ArrowRows.Number(name, i) is null : name == "ucode8" ? batch.Column(name).IsNull(i) : ArrowRows.Category(name, i) is null);
            Assert.Equal((name, nulls, 100 - nulls), (name, (int)profile.Find(name)!.Null, (int)profile.Find(name)!.Violations));
        }
        Assert.Equal((100L, 100L), (profile.Find("absent")!.Null, profile.Find("empty")!.Null));
    }

    [Fact]
    public void What_is_neither_kind_is_refused_by_name()
    {
        void Refused(string says, IArrowArray array, ColumnSpec as_)
        {
            using var batch = new Apache.Arrow.RecordBatch(new Apache.Arrow.Schema([new Field("c", array.Data.DataType, true)], null), [array], array.Length);
            Assert.Equal(says, Assert.Throws<NotSupportedException>(() => ProfileBuilder.ForReference(Drift.Schema.Of(as_)).AddBatch(batch)).Message.Split(';')[0]);
        }
        var times = new TimestampArray.Builder().Append(DateTimeOffset.UnixEpoch).Build();
        Refused("column 'c': timestamp is not read", times, ColumnSpec.Numeric("c"));
        Refused("column 'c': timestamp is not read", times, ColumnSpec.Categorical("c"));
        Refused("column 'c': decimal128 is not read", new Decimal128Array.Builder(new Decimal128Type(9, 2)).Append(1.5m).Build(), ColumnSpec.Numeric("c"));
        Refused("column 'c': a dictionary of int64 is not read", new DictionaryArray(new DictionaryType(Int8Type.Default, Int64Type.Default, false), new Int8Array.Builder().Append(0).Build(), new Int64Array.Builder().Append(7).Build()), ColumnSpec.Categorical("c"));
        using var outside = new Apache.Arrow.RecordBatch(new Apache.Arrow.Schema([new Field("c", new DictionaryType(UInt64Type.Default, StringType.Default, false), true)], null),
            [new DictionaryArray(new DictionaryType(UInt64Type.Default, StringType.Default, false), new UInt64Array.Builder().Append(ulong.MaxValue).Build(), new StringArray.Builder().Append("a").Build())], 1);
        Assert.Throws<ArgumentException>(() => ProfileBuilder.ForReference(Drift.Schema.Of(ColumnSpec.Categorical("c"))).AddBatch(outside));
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(21, 50)]
    [InlineData(299, 1)]
    public unsafe void Apache_Arrow_hands_the_same_rows_over_by_the_C_Data_Interface(int from, int count)
    {
        CArrowArrayExporter.EnableManagedMemoryExport = true;
        var flat = Drift.Schema.Of([.. schema.Columns.Where(c => c.Name != "view")]); // the C Data Interface's importer refuses views by name
        using var batch = ArrowRows.Batch(flat, 300);
        var types = CArrowSchema.Create();
        var array = CArrowArray.Create();
        try
        {
            CArrowSchemaExporter.ExportSchema(batch.Schema, types);
            CArrowArrayExporter.ExportRecordBatch(batch.Slice(from, count), array);
            Assert.Equal(flat.Columns.Select(c => (c.Name, c.Kind)), ArrowCData.SchemaOf((nint)types).Columns.Select(c => (c.Name, c.Kind)));
            var own = ProfileBuilder.ForReference(flat, bins: 6).AddPlainly(0, 300).ToProfile();
            Assert.Equal(Text(ProfileBuilder.ForWindow(own).AddPlainly(from, count).ToProfile()), Text(ProfileBuilder.ForWindow(own).AddArrow((nint)types, (nint)array).ToProfile()));
        }
        finally
        {
            CArrowArray.Free(array);
            CArrowSchema.Free(types);
        }
    }
}
#endif
