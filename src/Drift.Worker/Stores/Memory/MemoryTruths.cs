using System.Collections.Immutable;

namespace Drift.Worker.Stores.Memory;

public sealed partial class MemoryStore
{
    /// <summary>Answers by pane and truths of one version of the store, and where each answer is.</summary>
    sealed record TruthContents(
        ImmutableDictionary<PaneKey, ImmutableDictionary<string, Answer>> Panes,
        ImmutableDictionary<string, ImmutableDictionary<string, PaneKey>> Places,
        ImmutableDictionary<string, TruthMessage> Truths,
        ImmutableDictionary<PaneKey, (long Labelled, long Settled)> Labels,
        ImmutableHashSet<(string Model, string Id)> FreshAnswers,
        ImmutableHashSet<string> FreshTruths,
        ImmutableHashSet<string> Joined,
        long Orphans,
        long Duplicates)
    {
        public static readonly TruthContents Empty = new(
            ImmutableDictionary<PaneKey, ImmutableDictionary<string, Answer>>.Empty, ImmutableDictionary<string, ImmutableDictionary<string, PaneKey>>.Empty,
            ImmutableDictionary<string, TruthMessage>.Empty, ImmutableDictionary<PaneKey, (long, long)>.Empty, [], [], [], 0, 0);

        public TruthTotals Totals() => new(Truths.Count - Joined.Count, Orphans, Duplicates);
    }

    sealed class MemoryTruths(Transaction transaction) : ITruthTable
    {
        TruthContents Now
        {
            get => transaction.Now.Truth;
            set => transaction.Now = transaction.Now with { Truth = value };
        }

        /// <summary>Each version of a model has answers of its own: in a shadow test two of them answer the same id.</summary>
        static string Owner(PaneKey pane) => $"{pane.Model}\u001f{pane.Version}";

        public void Save(IReadOnlyList<Answer> answers)
        {
            var fresh = Now.FreshAnswers.ToBuilder();
            foreach (var group in answers.GroupBy(a => Owner(a.Pane), StringComparer.Ordinal))
            {
                var places = Now.Places.GetValueOrDefault(group.Key, ImmutableDictionary<string, PaneKey>.Empty).ToBuilder();
                var panes = new Dictionary<PaneKey, ImmutableDictionary<string, Answer>.Builder>();
                foreach (var answer in group)
                {
                    var isNew = places.TryAdd(answer.Id, answer.Pane);
                    var pane = places[answer.Id];
                    if (!panes.TryGetValue(pane, out var own)) panes.Add(pane, own = Now.Panes.GetValueOrDefault(pane, ImmutableDictionary<string, Answer>.Empty).ToBuilder());
                    own[answer.Id] = isNew ? answer : own[answer.Id] with { Duplicates = own[answer.Id].Duplicates + answer.Duplicates + 1 };
                    if (isNew) fresh.Add((group.Key, answer.Id));
                }
                Now = Now with { Places = Now.Places.SetItem(group.Key, places.ToImmutable()), Panes = Now.Panes.SetItems(panes.Select(p => KeyValuePair.Create(p.Key, p.Value.ToImmutable()))) };
            }
            Now = Now with { FreshAnswers = fresh.ToImmutable() };
        }

        public void Save(IReadOnlyList<TruthMessage> truths)
        {
            var (all, fresh, duplicates) = (Now.Truths.ToBuilder(), Now.FreshTruths.ToBuilder(), Now.Duplicates);
            foreach (var truth in truths)
            {
                duplicates += truth.Duplicates;
                if (all.TryAdd(truth.Id, truth)) fresh.Add(truth.Id);
                else duplicates++;
            }
            Now = Now with { Truths = all.ToImmutable(), FreshTruths = fresh.ToImmutable(), Duplicates = duplicates };
        }

        public IReadOnlyList<LabelCount> Join(long now)
        {
            var (labels, joined) = (Now.Labels.ToBuilder(), Now.Joined.ToBuilder());
            var panes = new Dictionary<PaneKey, ImmutableDictionary<string, Answer>.Builder>();
            foreach (var (model, id) in Now.FreshAnswers.Union(Now.Places.Keys.SelectMany(model => Now.FreshTruths.Select(id => (model, id)))))
            {
                if (!Now.Places[model].TryGetValue(id, out var pane)) continue;
                if (!panes.TryGetValue(pane, out var own)) panes.Add(pane, own = Now.Panes[pane].ToBuilder());
                var answer = own[id] = own[id].TakenAt == 0 ? own[id] with { TakenAt = now } : own[id];
                if (answer.Truth is null)
                {
                    if (!Now.Truths.TryGetValue(id, out var truth)) continue;
                    own[id] = answer with { Truth = truth.Truth };
                    joined.Add(id);
                }
                else if (!Now.FreshAnswers.Contains((model, id))) continue;
                var (labelled, settled) = labels.GetValueOrDefault(pane);
                labels[pane] = (labelled + 1, settled);
            }
            Now = Now with
            {
                Panes = Now.Panes.SetItems(panes.Select(p => KeyValuePair.Create(p.Key, p.Value.ToImmutable()))), Labels = labels.ToImmutable(), Joined = joined.ToImmutable(),
                FreshAnswers = [], FreshTruths = [],
            };
            return [.. Now.Labels.Where(l => l.Value.Labelled != l.Value.Settled).Select(l => new LabelCount(l.Key, l.Value.Labelled, l.Value.Settled))];
        }

        public IReadOnlyList<Answer> Answers(PaneKey like, long from, long to) => [.. Now.Panes
            .Where(p => p.Key with { Start = like.Start, Missed = like.Missed } == like with { Segment = "" } && p.Key.Start >= from && p.Key.Start < to)
            .SelectMany(p => p.Value.Values).OrderBy(a => a.Id, StringComparer.Ordinal)];

        public void Settle(IReadOnlyList<LabelCount> judged)
        {
            var labels = Now.Labels.ToBuilder();
            foreach (var label in judged)
                if (labels.TryGetValue(label.Pane, out var counts)) labels[label.Pane] = (counts.Labelled, label.Labelled);
            Now = Now with { Labels = labels.ToImmutable() };
        }

        public void Expire(string model, long before, long takenBefore)
        {
            foreach (var pane in Now.Panes.Keys.Where(p => p.Model == model && p.Start < before).ToList())
            {
                var ids = Now.Panes[pane].Where(a => a.Value.TakenAt is > 0 and var at && at < takenBefore).Select(a => a.Key).ToList();
                var left = Now.Panes[pane].RemoveRange(ids);
                Now = Now with
                {
                    Panes = left.IsEmpty ? Now.Panes.Remove(pane) : Now.Panes.SetItem(pane, left), Labels = left.IsEmpty ? Now.Labels.Remove(pane) : Now.Labels,
                    Places = Now.Places.SetItem(Owner(pane), Now.Places[Owner(pane)].RemoveRange(ids)),
                };
            }
        }

        public void ExpireTruths(long before)
        {
            var gone = Now.Truths.Values.Where(t => t.Time < before).Select(t => t.Id).ToList();
            Now = Now with
            {
                Truths = Now.Truths.RemoveRange(gone), FreshTruths = Now.FreshTruths.Except(gone), Joined = Now.Joined.Except(gone), Orphans = Now.Orphans + gone.Count(id => !Now.Joined.Contains(id)),
            };
        }

        public TruthTotals Totals() => Now.Totals();
    }
}
