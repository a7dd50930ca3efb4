#if ARROW
using Apache.Arrow.Ipc;
using Drift.Tests;
using Drift.Worker.Sources.Files;
using Drift.Worker.Tests.Commands;
#endif

namespace Drift.Worker.Tests.Sources.Files;

/// <summary>What Apache.Arrow's own writer wrote is read value by value: every type, nulls, slices, dictionaries, several batches, as stream and as file.</summary>
public sealed class ArrowWriterTests
{
#if ARROW
    // Of the types that Apache.Arrow writes our reader refuses views, by name.
    static readonly Schema schema = Schema.Of([.. ArrowRows.Schema.Columns.Where(c => c.Name != "view")]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_value_is_the_one_that_was_written(bool stream)
    {
        using var folder = new Folder();
        using var batch = ArrowRows.Batch(schema, 300);
        using var empty = ArrowRows.Batch(schema, 0);
        var path = folder[stream ? "written.arrows" : "written.arrow"];
        using (var file = File.Create(path))
        {
            using var writer = stream ? new ArrowStreamWriter(file, batch.Schema) : new ArrowFileWriter(file, batch.Schema);
            foreach (var part in (Apache.Arrow.RecordBatch[])[batch.Slice(0, 130), empty, batch.Slice(130, 1), batch.Slice(131, 169)]) writer.WriteRecordBatch(part);
            writer.WriteEnd();
        }
        var data = DataFile.Load(path, new ReadOptions { NeverLeftOut = [.. schema.Columns.Select(c => c.Name)] });
        Assert.Equal(300, data.Rows);
        foreach (var column in schema.Columns)
            for (var i = 0; i < 300; i++)
                if (column.Kind == ColumnKind.Categorical) Assert.Equal((column.Name, i, ArrowRows.Category(column.Name, i)), (column.Name, i, ((CategoricalColumn)data.Table.Find(column.Name)!)[i]));
                else Assert.Equal((column.Name, i, (double?)ArrowRows.Number(column.Name, i)), (column.Name, i, data.Table.Find(column.Name) is NumericColumn c && !c.IsNull(i) ? c.Values.Span[i] : null));
    }

    [Fact]
    public void Views_are_refused_by_name()
    {
        using var folder = new Folder();
        using var batch = ArrowRows.Batch(Schema.Of(ColumnSpec.Categorical("view")), 10);
        using (var file = File.Create(folder["views.arrows"]))
        {
            using var writer = new ArrowStreamWriter(file, batch.Schema);
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        Assert.Contains("column 'view' has the Arrow type view", Assert.Throws<InputException>(() => DataFile.Load(folder["views.arrows"], new())).Message, StringComparison.Ordinal);
    }
#else
    [Fact]
    public void Every_value_is_the_one_that_was_written() => Assert.Skip("Apache.Arrow cannot be restored from this package source: what it writes is NOT read here");
#endif
}
