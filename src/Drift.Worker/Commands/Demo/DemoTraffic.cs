using System.Buffers;
using System.Text;

namespace Drift.Worker.Commands.Demo;

/// <summary>The traffic of a scoring service over some days, from a seed: at a known time some columns, chosen by the seed, begin to drift.</summary>
sealed class DemoTraffic
{
    public const string Model = "credit";
    public const string Version = "7";
    public const int Days = 12;
    public const int DriftDay = 6;
    public const int RowsPerDay = 5_000;
    public const int ReferenceRows = 20_000;

    /// <summary>So many days after an answer it is known whether the credit failed.</summary>
    public const int TruthDelay = 3;
    const int Drifting = 4;

    readonly Random random;
    readonly HashSet<string> drifting;

    /// <param name="seed">Chooses the drifting columns and every value.</param>
    /// <param name="start">The midnight with which the first day begins.</param>
    public DemoTraffic(int seed, DateTimeOffset start)
    {
        (Start, random) = (start, new Random(seed));
        var candidates = DemoColumns.All.Where(c => c.Change is not null).ToArray();
        random.Shuffle(candidates);
        drifting = candidates.Take(Drifting).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
    }

    public DateTimeOffset Start { get; }

    public DateTimeOffset DriftStart => Start.AddDays(DriftDay);

    public DateTimeOffset End => Start.AddDays(Days);

    /// <summary>The columns that drift, in the order of the model.</summary>
    public IEnumerable<DemoColumn> Drifted => DemoColumns.All.Where(c => drifting.Contains(c.Name));

    public static Schema Schema { get; } = new(DemoColumns.All.Select(c => c.Spec));

    /// <summary>What the model was trained on, and how well it answered: the weeks before the first day.</summary>
    public Profile Reference()
    {
        var rows = Enumerable.Range(0, ReferenceRows).Select(i => Row(Start.AddDays(-28).AddSeconds(i * 28.0 * 86_400 / ReferenceRows))).ToList();
        var profile = ProfileOf(ProfileBuilder.ForReference(Schema), rows).With(Model, Version, Start.AddDays(-28), Start);
        var answers = new Table([
            new NumericColumn(DemoColumns.All[^1].Spec, rows.Select(r => r.Score).ToArray()), CategoricalColumn.Of(ColumnSpec.Categorical("truth", ColumnRole.Truth), [.. rows.Select(r => r.Failed ? "1" : "0")])]);
        var columns = new ModelColumns { Task = PerformanceTask.Binary, Truth = "truth", Scores = [new ScoreColumn(null, DemoColumns.All[^1].Name)] };
        return PerformanceFormat.AddTo(profile, PerformanceReference.Fit(answers, columns, Chunk.BySize(ReferenceRows, RowsPerDay)));
    }

    /// <summary>One day's rows in the order of their times.</summary>
    public IEnumerable<DemoRow> Day(int day)
    {
        for (var i = 0; i < RowsPerDay; i++) yield return Row(Start.AddDays(day).AddSeconds((i + random.NextDouble()) * 86_400 / RowsPerDay));
    }

    /// <summary>A few rows of the day after the last: with them every partition's clock passes the last day's end.</summary>
    public IEnumerable<DemoRow> Closing(int rows)
    {
        for (var i = 0; i < rows; i++) yield return Row(End.AddMinutes(10).AddSeconds(i));
    }

    /// <summary>Counts rows as the worker would: the demo's tests compare with it.</summary>
    public static Profile ProfileOf(ProfileBuilder builder, IReadOnlyList<DemoRow> rows)
    {
        for (var c = 0; c < DemoColumns.All.Count; c++)
        {
            var name = DemoColumns.All[c].Name;
            if (DemoColumns.All[c].Spec.Kind == ColumnKind.Categorical) builder.Add(name, rows.Select(r => r.Cells[c].Text));
            else builder.Add(name, rows.Select(r => r.Cells[c].Number).ToArray(), Validity(rows, c));
        }
        return builder.ToProfile();
    }

    static byte[] Validity(IReadOnlyList<DemoRow> rows, int column)
    {
        var bits = new byte[(rows.Count + 7) / 8];
        for (var i = 0; i < rows.Count; i++)
            if (!rows[i].Cells[column].IsNull) bits[i >> 3] |= (byte)(1 << (i & 7));
        return bits;
    }

    DemoRow Row(DateTimeOffset at)
    {
        var person = new DemoPerson(DemoColumns.Normal(random), at);
        var drifted = at >= DriftStart;
        return new DemoRow(at, [.. DemoColumns.All.Select(c => c.Draw(random, person, drifted && drifting.Contains(c.Name)))], random.NextDouble() < person.Default);
    }
}

/// <summary>One scored request, and what became of it.</summary>
sealed record DemoRow(DateTimeOffset At, DemoCell[] Cells, bool Failed)
{
    /// <summary>The model's answer.</summary>
    public double Score => Cells[^1].Number;

    /// <summary>As the bank's books tell it, days later.</summary>
    public byte[] ToTruth(string id) => Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","ts":"{{EventTime.Format(At.AddDays(DemoTraffic.TruthDelay).UtcTicks)}}","truth":{{(Failed ? 1 : 0)}}}""");

    /// <summary>As the service logs it.</summary>
    public byte[] ToRecord(string id)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new RecordWriter(buffer);
        writer.Begin(At, DemoTraffic.Model, DemoTraffic.Version, id);
        for (var c = 0; c < Cells.Length; c++)
        {
            var (spec, cell) = (DemoColumns.All[c].Spec, Cells[c]);
            if (spec.Role == ColumnRole.Prediction) continue;
            if (cell.IsNull) writer.Null(spec.Name);
            else if (spec.Type == ColumnType.Bool) writer.Feature(spec.Name, cell.Text == "true");
            else if (spec.Kind == ColumnKind.Categorical) writer.Feature(spec.Name, cell.Text);
            else writer.Feature(spec.Name, cell.Number);
        }
        writer.Prediction(Score);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }
}
