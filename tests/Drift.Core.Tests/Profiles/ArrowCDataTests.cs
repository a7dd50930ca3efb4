using System.Text;

namespace Drift.Core.Tests.Profiles;

/// <summary>Batches as another library would hand them over, in memory of our own: sliced, with nulls, encoded by dictionary; and batches that contradict themselves.</summary>
public sealed unsafe class ArrowCDataTests
{
    static readonly Schema schema = Schema.Of(ColumnSpec.Numeric("d"), ColumnSpec.Numeric("i"), ColumnSpec.Categorical("text"), ColumnSpec.Categorical("code"), ColumnSpec.Categorical("flag"));

    static byte[] Bytes(ProfileBuilder builder) => ProfileFormat.Write(builder.ToProfile());

    static Profile Reference()
    {
        var reference = ProfileBuilder.ForReference(schema).Add("d", [.. Enumerable.Range(0, 300).Select(i => i / 3.0)]).Add("text", Enumerable.Range(0, 300).Select(i => $"t{i % 7}"))
            .Add("code", Enumerable.Range(0, 300).Select(i => $"c{i % 3}")).Add("flag", Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? "true" : "false"));
        return reference.AddNumeric("i", (ReadOnlySpan<int>)[.. Enumerable.Range(0, 300)]).ToProfile();
    }

    [Theory]
    [InlineData(0, 0, 64)]
    [InlineData(3, 0, 40)]
    [InlineData(0, 5, 33)]
    [InlineData(9, 11, 1)]
    [InlineData(13, 2, 0)]
    public void A_sliced_batch_counts_as_its_values_do(int columnOffset, int batchOffset, int rows)
    {
        foreach (var large in (bool[])[false, true])
        {
            using var batch = new CBatch(columnOffset, batchOffset, rows, seed: 5 + rows, large);
            var reference = Reference();
            var expected = ProfileBuilder.ForWindow(reference);
            expected.Add("d", [.. batch.Rows.Select(r => r.D ?? 0)], Validity.Of(rows, i => batch.Rows[i].D is not null));
            expected.AddNumeric<int>("i", [.. batch.Rows.Select(r => r.I ?? 0)], Validity.Of(rows, i => batch.Rows[i].I is not null));
            expected.Add("text", batch.Rows.Select(r => r.Text)).Add("code", batch.Rows.Select(r => r.Code)).Add("flag", batch.Rows.Select(r => r.Flag is { } flag ? flag ? "true" : "false" : null));
            Assert.Equal(Encoding.UTF8.GetString(Bytes(expected)), Encoding.UTF8.GetString(Bytes(ProfileBuilder.ForWindow(reference).AddArrow(batch.Schema, batch.Array))));
        }
    }

    [Fact]
    public void Batches_add_up_and_the_schema_can_be_taken_from_them()
    {
        using CBatch first = new(2, 0, 50, 1, false), second = new(0, 1, 70, 2, true);
        var read = ArrowCData.SchemaOf(first.Schema);
        Assert.Equal(schema.Columns.Select(c => (c.Name, c.Kind)), read.Columns.Select(c => (c.Name, c.Kind)));
        Assert.Equal(120, ProfileBuilder.ForReference(read).AddArrow(first.Schema, first.Array).AddArrow(second.Schema, second.Array).ToProfile().Rows);
    }

    [Fact]
    public void A_column_that_the_batch_lacks_is_null_and_one_of_the_other_kind_is_mismatched()
    {
        using var batch = new CBatch(0, 0, 30, 3, false);
        var other = Schema.Of(ColumnSpec.Numeric("text"), ColumnSpec.Categorical("d"), ColumnSpec.Numeric("absent"));
        var profile = ProfileBuilder.ForReference(other).AddArrow(batch.Schema, batch.Array).ToProfile();
        Assert.Equal((30L, 30L), (profile.Rows, profile.Find("absent")!.Null));
        Assert.Equal((batch.Rows.Count(r => r.Text is null), batch.Rows.Count(r => r.Text is not null)), ((int)profile.Find("text")!.Null, (int)profile.Find("text")!.Violations));
        Assert.Equal(batch.Rows.Count(r => r.D is not null), (int)profile.Find("d")!.Violations);
    }

    [Fact]
    public void What_contradicts_itself_is_refused_by_name()
    {
        using var batch = new CBatch(0, 0, 30, 4, false);
        void Refused(string says, Action<CBatch> harm)
        {
            using var harmed = new CBatch(0, 0, 30, 4, false);
            harm(harmed);
            var e = Assert.ThrowsAny<ArgumentException>(() => ProfileBuilder.ForReference(schema).AddArrow(harmed.Schema, harmed.Array));
            Assert.Contains(says, e.Message, StringComparison.Ordinal);
        }
        Refused("released", b => ((CArray*)b.Array)->Release = null);
        Refused("length of -1", b => ((CArray*)b.Array)->Length = -1);
        Refused("3 columns", b => ((CArray*)b.Array)->ChildCount = 3);
        Refused("column 'd': 0 + 31 rows", b => ((CArray*)b.Array)->Length = 31);
        Refused("column 'i': offset -4", b => b.Column(1)->Offset = -4);
        Refused("column 'd': buffer 1 is missing", b => b.Column(0)->Buffers[1] = null);
        Refused("column 'text': it has 2 buffers", b => b.Column(2)->BufferCount = 2);
        Refused("column 'd': it has 9 nulls and no bitmap", b =>
        {
            b.Column(0)->Buffers[0] = null;
            b.Column(0)->NullCount = 9;
        });
        Refused("column 'text': string 3", b => ((int*)b.Column(2)->Buffers[1])[4] = -7);
        Refused("column 'text': string 4", b => ((int*)b.Column(2)->Buffers[1])[4] = int.MaxValue);
        Refused("outside the dictionary", b => (((sbyte*)b.Column(3)->Buffers[1])[0], ((byte*)b.Column(3)->Buffers[0])[0]) = (100, 255));
        Refused("without its entries", b => b.Column(3)->Dictionary = null);
        Refused("format 'tsn:' is not read", b => b.Format(0, "tsn:"));
        Refused("is a struct", b => b.Format(-1, "+l"));
    }

    [Fact]
    public void Damaged_structures_are_refused_or_read_but_never_bring_the_process_down()
    {
        var random = new Random(20);
        long[] numbers = [-1, long.MinValue, long.MaxValue, int.MaxValue, 1L << 40, 0, 1, 2, 3, 29, 31, 60];
        string[] formats = ["", "c", "C", "s", "S", "i", "I", "l", "L", "e", "f", "g", "u", "U", "b", "n", "z", "+s", "tdD", "\u00e9", "vu", "w:4"];
        int refused = 0, read = 0;
        for (var round = 0; round < 3000; round++)
        {
            using var batch = new CBatch(random.Next(4), random.Next(4), 30, round, random.Next(2) == 0);
            for (var harm = random.Next(3); harm >= 0; harm--)
            {
                var column = batch.Column(random.Next(5));
                switch (random.Next(9))
                {
                    case 0: column->Length = Pick(numbers); break;
                    case 1: column->Offset = Pick(numbers); break;
                    case 2: column->NullCount = Pick(numbers); break;
                    case 3: column->BufferCount = Pick([-1L, long.MinValue, 0, 1, 2]); break; // fewer than there are: more cannot be found out
                    case 4: column->Buffers[random.Next(2)] = null; break;
                    case 5: ((CArray*)batch.Array)->Length = Pick(numbers); break;
                    case 6: ((CArray*)batch.Array)->Offset = Pick(numbers); break;
                    case 7: batch.Format(random.Next(-1, 5), Pick(formats)); break;
                    // Offsets and codes that go back, below zero or outside; an offset that leads too far forward cannot be found out.
                    default:
                        if (column->Buffers[1] != null) new Span<byte>((byte*)column->Buffers[1] + 8 * random.Next(25), 8).Fill(random.Next(2) == 0 ? (byte)0 : (byte)random.Next(128, 256));
                        break;
                }
            }
            try
            {
                ProfileBuilder.ForReference(schema).AddArrow(batch.Schema, batch.Array).ToProfile();
                read++;
            }
            catch (ArgumentException)
            {
                refused++;
            }
        }
        Assert.True(refused > 500 && read > 200, $"{refused} refused, {read} read");
        T Pick<T>(T[] some) => some[random.Next(some.Length)];
    }
}
