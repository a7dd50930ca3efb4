namespace Drift.Worker.Sources.Files;

/// <summary>
/// Decides what the columns of a data file are for. Numbers are numeric; text and booleans are categorical; what identifies or dates a row is left out:
/// text that never repeats, whole numbers that only ascend, ISO times. Never a column that the user named. Every decision is reported.
/// </summary>
static class Inference
{
    public static DataSet Finish(string file, List<ColumnReader> readers, ReadOptions options)
    {
        var time = TimeColumn(readers, options);
        var columns = new List<Column>();
        var notes = new List<ColumnNote>();
        foreach (var reader in readers)
        {
            var note = Describe(reader, options, reader == time);
            notes.Add(note);
            if (options.KeepNothing) continue;
            if (note.Spec.Role == ColumnRole.Time && reader.Mode == CellMode.Time) columns.Add(Times(file, note.Spec, reader, options));
            else if (note.Spec.IsProfiled) columns.Add(Values(note.Spec, reader));
        }
        return new DataSet(file, readers.Count == 0 ? 0 : (int)readers[0].Rows, new Table(columns), notes);
    }

    /// <summary>The column that dates the rows when no flag says so: the only one with ISO times, or among several the one that is called so.</summary>
    static ColumnReader? TimeColumn(List<ColumnReader> readers, ReadOptions options)
    {
        if (readers.Exists(r => options.RoleOf(r.Name) == ColumnRole.Time)) return null;
        var times = readers.FindAll(r => r.Mode == CellMode.Time && options.RoleOf(r.Name) is null);
        return times.Count == 1 ? times[0] : times.Find(r => r.Name == "ts") ?? times.Find(r => r.Name == "timestamp");
    }

    static ColumnNote Describe(ColumnReader reader, ReadOptions options, bool isTime)
    {
        var given = options.RoleOf(reader.Name);
        var (role, reason) = given is { } named ? (named, Reason(named, reader.Name, options)) : Infer(reader, options, isTime);
        var kind = reader.Mode is CellMode.Number or CellMode.Time ? ColumnKind.Numeric : ColumnKind.Categorical;
        var spec = (options.Schema?.Find(reader.Name) ?? new ColumnSpec { Name = reader.Name, Kind = kind, Type = TypeOf(reader) }) with { Role = role, Kind = kind };
        var remark = reader.Mismatched > 0
            ? $"{reader.Mismatched} {(reader.Mismatched == 1 ? "cell is" : "cells are")} no {(kind == ColumnKind.Numeric ? reader.Mode == CellMode.Time ? "time" : "number" : "category")}, the first in row {reader.FirstMismatch!.Value.Row}: '{CsvRows.Short(reader.FirstMismatch.Value.Text)}'"
            : null;
        return new ColumnNote(spec, reader.Distinct, reader.DistinctIsCapped, reader.Counts.Null, reader.Mismatched, reason, remark);
    }

    static (ColumnRole Role, string? Reason) Infer(ColumnReader reader, ReadOptions options, bool isTime)
    {
        var present = reader.Counts.Present;
        if (!options.InferOthers) return (ColumnRole.Ignore, "not in the schema");
        if (present == 0) return (ColumnRole.Ignore, "has no values");
        return reader.Mode switch
        {
            CellMode.Time when isTime => (ColumnRole.Time, "ISO times, taken as the time of the row"),
            CellMode.Time => (ColumnRole.Ignore, "ISO times"),
            CellMode.Number when reader.AscendingIntegers => (ColumnRole.Ignore, "looks like an id: whole numbers that only ascend"),
            CellMode.Category when reader.Counts.Decide() == CellMode.Time => (ColumnRole.Ignore, "ISO times"),
            CellMode.Category when present >= 2 && reader.Distinct == present && reader.Counts.Bool < present => (ColumnRole.Ignore, "looks like an id: text that never repeats"),
            _ => (ColumnRole.Feature, null),
        };
    }

    static string? Reason(ColumnRole role, string name, ReadOptions options) => role switch
    {
        ColumnRole.Time => "the time of the row",
        ColumnRole.Id => "the id of the row",
        ColumnRole.Ignore when options.Roles.ContainsKey(name) => "ignored as told",
        ColumnRole.Ignore when options.Columns is not null => "not in --columns",
        ColumnRole.Ignore => "ignored by the schema",
        _ => null,
    };

    static ColumnType TypeOf(ColumnReader reader) => reader.Mode switch
    {
        CellMode.Time => ColumnType.Time,
        CellMode.Number => reader.Counts.Whole == reader.Counts.Number ? ColumnType.Int : ColumnType.Float,
        _ when reader.Counts.Bool > 0 && reader.Counts.Bool == reader.Counts.Present => ColumnType.Bool,
        _ => ColumnType.Text,
    };

    static Column Values(ColumnSpec spec, ColumnReader reader)
    {
        if (reader.Mode == CellMode.Number) return new NumericColumn(spec, reader.DrainNumbers(), reader.DrainValidity()) { Mismatched = reader.Mismatched };
        var asBool = spec.Type == ColumnType.Bool || (reader.Counts.Bool > 0 && reader.Counts.Bool == reader.Counts.Present);
        var (codes, dictionary) = reader.DrainCategories(asBool);
        return new CategoricalColumn(spec, codes, dictionary) { Mismatched = reader.Mismatched };
    }

    static NumericColumn Times(string file, ColumnSpec spec, ColumnReader reader, ReadOptions options)
    {
        if (reader.Mismatched > 0 && options.RoleOf(spec.Name) == ColumnRole.Time)
            throw new InputException($"{file}: column '{spec.Name}', row {reader.FirstMismatch!.Value.Row}: '{CsvRows.Short(reader.FirstMismatch.Value.Text)}' is no ISO 8601 time such as 2026-11-20T20:07:00Z");
        var ticks = reader.DrainTimes();
        var validity = new ValidityBuilder();
        var milliseconds = new double[ticks.Length];
        for (var i = 0; i < ticks.Length; i++)
        {
            validity.Add(ticks[i] != long.MinValue);
            milliseconds[i] = ticks[i] == long.MinValue ? 0 : (ticks[i] - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerMillisecond;
        }
        return new NumericColumn(spec, milliseconds, validity.ToArray()) { Mismatched = reader.Mismatched };
    }
}
