using System.Buffers;

namespace Drift;

/// <summary>One comparison: first every column's values and p-values, then the families, then the readings.</summary>
sealed partial class ComparisonRun : IDisposable
{
    readonly CompareOptions options;
    readonly Profile reference, current;
    readonly Measure[]? named;
    readonly HashSet<string>? columns;
    readonly ColumnPair pair;
    readonly List<double> columnP = [];
    Draft[] drafts;
    int count;

    /// <summary>A reading before its family is known.</summary>
    struct Draft
    {
        public Measure Measure;
        public Outcome Outcome;
        public ColumnSpec Spec;
        public Cells? Cells;
        public ReadingDetail? Detail;
        public long Rows;
        public int Column;
        public ReadingStatus Status;
        public double Adjusted;
    }

    public ComparisonRun(CompareOptions options, Profile reference, Profile current)
    {
        (this.options, this.reference, this.current) = (options, reference, current);
        named = options.Measures?.Where(name => !WholeWindow.Names.Contains(name)).Select(Resolve).ToArray();
        columns = options.Columns is { } names ? Known(names) : null;
        pair = new() { NullCell = options.NullCell };
        baselines = options.Baselines ?? reference.Baselines;
        drafts = ArrayPool<Draft>.Shared.Rent(Math.Max(16, reference.Columns.Count * (named?.Length ?? 8)));
    }

    public void Dispose() => ArrayPool<Draft>.Shared.Return(drafts, clearArray: true);

    static Measure Resolve(string name) => Measure.Find(name) ?? throw new ArgumentException(
        $"'{name}' is not a measure that a comparison computes; these are: {string.Join(' ', Measure.All.Select(measure => measure.Name).Concat(WholeWindow.Names))}");

    HashSet<string> Known(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (reference.Find(name) is null && current.Find(name) is null)
                throw new ArgumentException($"neither side has a column '{name}'");
        return new(names, StringComparer.Ordinal);
    }

    public bool Wants(ColumnSpec spec) => spec.IsCompared && (columns is null || columns.Contains(spec.Name)) && !IsComponent(spec.Name);

    bool IsComponent(string name)
    {
        foreach (var vector in options.Vectors)
            if (vector.Has(name)) return true;
        return false;
    }

    /// <summary>Computes the wanted measures of one column.</summary>
    public void Compare(ColumnProfile before, ColumnProfile now, NumericColumn? sampleBefore, NumericColumn? sampleNow)
    {
        pair.Reset(before, now, sampleBefore, sampleNow);
        var spec = before.Spec;
        var measures = named ?? Measure.DefaultsOf(spec.Kind);
        var identifier = before.Categories is { } categories && Cells.IsIdentifier(categories);
        var (saidIdentifier, first, column) = (false, count, columnP.Count);
        foreach (var measure in measures)
        {
            if (identifier && (measure.Kind == ReadingKind.Drift || measure.Name == "unseen_rate"))
            {
                if (!saidIdentifier) Add(measure, spec, column, NotApplicable("identifier-like: more than half of the reference's rows hold a value of their own, so no share means anything"));
                saidIdentifier = true;
            }
            else Add(measure, spec, column);
        }
        columnP.Add(SmallestP(first));
    }

    void Add(Measure measure, ColumnSpec spec, int column, ReadingDetail? notApplicable = null)
    {
        var rows = measure.Kind == ReadingKind.Drift ? pair.CurrentValues : pair.CurrentRows;
        if (notApplicable is null && measure.Only is { } kind && kind != spec.Kind)
            notApplicable = NotApplicable(kind == ColumnKind.Numeric ? "for numeric columns only" : "for categorical columns only");
        if (notApplicable is null && measure.NeedsSamples && (pair.ReferenceColumn is null || pair.CurrentColumn is null))
            notApplicable = NotApplicable("needs the rows of both sides; a profile keeps only counts");
        var draft = new Draft { Measure = measure, Spec = spec, Column = column, Rows = rows, Outcome = new(double.NaN), Adjusted = double.NaN };
        if (notApplicable is not null) (draft.Status, draft.Detail) = (ReadingStatus.NotApplicable, notApplicable);
        else Compute(ref draft);
        if (count == drafts.Length) Grow();
        drafts[count++] = draft;
    }

    void Compute(ref Draft draft)
    {
        try
        {
            draft.Outcome = draft.Measure.Compute(pair);
            draft.Cells = pair.MadeCells;
            draft.Detail = draft.Outcome.Detail;
            if (!draft.Measure.IsFact && pair.Shortage(draft.Measure.Kind, options.WarningFloor) is { } shortage)
                (draft.Status, draft.Detail) = (ReadingStatus.InsufficientData, Merge(draft.Detail, shortage));
            else if (double.IsNaN(draft.Outcome.Value))
                (draft.Status, draft.Detail) = (ReadingStatus.NotApplicable, draft.Detail ?? NotApplicable("the value is not defined for these data"));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A broken column is a finding: it becomes a reading, and the others go on.
            (draft.Status, draft.Detail, draft.Outcome) = (ReadingStatus.Failed, new() { Reason = error.Message }, new(double.NaN));
        }
    }

    /// <summary>A column that only one side has, or that is of another kind: one violation of the signature, however many rows there are.</summary>
    public void Violation(ColumnSpec spec, string reason)
    {
        if (count == drafts.Length) Grow();
        drafts[count++] = new()
        {
            Measure = Measure.Find("violation_rate")!,
            Spec = spec,
            Column = -1,
            Rows = current.Rows,
            Outcome = new(1) { ReferenceValue = 0 },
            Adjusted = double.NaN,
            Detail = new() { Reason = reason },
        };
    }

    /// <summary>A rate of the whole sides: a member of the quality family like those of the columns.</summary>
    public void Whole(Measure measure, Outcome outcome)
    {
        if (count == drafts.Length) Grow();
        var shortage = double.IsNaN(outcome.Value) ? null : ColumnPair.Shortage(reference.Rows, current.Rows, 2, options.WarningFloor, 1, "");
        drafts[count++] = new()
        {
            Measure = measure,
            Spec = wholeSide,
            Column = -1,
            Rows = current.Rows,
            Outcome = outcome,
            Adjusted = double.NaN,
            Status = double.IsNaN(outcome.Value) ? ReadingStatus.NotApplicable : shortage is not null ? ReadingStatus.InsufficientData : ReadingStatus.Ok,
            Detail = shortage ?? outcome.Detail,
        };
    }

    static readonly ColumnSpec wholeSide = ColumnSpec.Numeric("");

    void Grow()
    {
        var larger = ArrayPool<Draft>.Shared.Rent(drafts.Length * 2);
        Array.Copy(drafts, larger, count);
        ArrayPool<Draft>.Shared.Return(drafts, clearArray: true);
        drafts = larger;
    }

    static ReadingDetail NotApplicable(string reason) => new() { Reason = reason };

    static ReadingDetail Merge(ReadingDetail? detail, ReadingDetail shortage) =>
        detail is null ? shortage : detail with { Reason = shortage.Reason, Numbers = [.. detail.Numbers, .. shortage.Numbers] };
}
