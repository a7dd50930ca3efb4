using System.Text;
using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>The answers and truths that a partition has brought since the last commit.</summary>
sealed class AnswerLog(SourcePartition source, double truthSample)
{
    /// <summary>No id of a record begins with this, so that the name of a place in the log is never mistaken for one.</summary>
    const char Unnamed = '\u0001';

    readonly Dictionary<AnswerColumns, List<(Answer Answer, object?[] Inputs)>> answers = [];
    readonly List<TruthMessage> truths = [];

    public void Add(WatchedModel model, RecordReader reader, PaneKey pane, long offset, int row)
    {
        if (model.Answers is not { } columns) return;
        var id = reader.Id.IsEmpty ? $"{Unnamed}{source}@{offset}{(row == 0 ? "" : $"#{row}")}" : Encoding.UTF8.GetString(reader.Id).Replace('\0', '\uFFFD');
        if (model.Config.TruthSample < 1 && !model.Samples(Encoding.UTF8.GetBytes(id))) return;
        var segments = model.Segments.Select(s => $"{s.Name}={model.SegmentValues(s.Column, reader.Row)}").ToList();
        if (!answers.TryGetValue(columns, out var own)) answers.Add(columns, own = []);
        own.Add(columns.Read(reader.Row, pane, id, segments, reader.RankedPrediction));
    }

    /// <summary>Keeps a truth, unless its id is none of those whose answers are kept.</summary>
    public void Add(TruthMessage truth)
    {
        if (truthSample >= 1 || WatchedModel.IsSampled(Encoding.UTF8.GetBytes(truth.Id), truthSample)) truths.Add(truth);
    }

    public void Save(ITruthTable table)
    {
        foreach (var (columns, own) in answers) table.Save([.. columns.Finish(own)]);
        if (truths.Count > 0) table.Save(truths);
    }

    public void Clear()
    {
        answers.Clear();
        truths.Clear();
    }
}
