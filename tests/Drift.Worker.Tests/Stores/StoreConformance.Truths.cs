using Drift.Worker.Stores;

namespace Drift.Worker.Tests.Stores;

public abstract partial class StoreConformance
{
    static Answer Answered(string id, long start = 0, string? truth = null, string model = "m") =>
        new(new PaneKey(model, "1", "ref", start, 10), id, "1", [0.25, double.NaN], ["c=a", "d=b"], truth);

    T Write<T>(Func<ITruthTable, T> write)
    {
        using var transaction = Store.Begin();
        var result = write(transaction.Truths);
        transaction.Commit();
        return result;
    }

    void Write(Action<ITruthTable> write) => Write(t =>
    {
        write(t);
        return 0;
    });

    static readonly PaneKey like = new("m", "1", "ref", 0, 10);

    [Fact]
    public void Answers_come_back_as_they_were_saved_in_the_order_of_their_ids()
    {
        Write(t => t.Save([Answered("b", 10), Answered("a", 0) with { Predicted = null, Scores = [], Segments = [] }, Answered("c", 20), Answered("a", 0, model: "other")]));
        var read = Write(t => t.Answers(like, 0, 20));
        Assert.Equal(["a", "b"], read.Select(a => a.Id));
        Assert.Equivalent(Answered("a") with { Predicted = null, Scores = [], Segments = [] }, read[0]);
        Assert.Equivalent(Answered("b", 10), read[1]);
        Assert.True(double.IsNaN(read[1].Scores[1]));
    }

    [Fact]
    public void A_truth_meets_its_answer_whichever_came_first_and_is_counted_once()
    {
        Write(t => t.Save([Answered("late")]));
        Write(t => t.Save([new TruthMessage("early", "0", 1)]));
        Assert.Empty(Write(t => t.Join(1)));
        Write(t => t.Save([Answered("early", 10), Answered("own", 10, "1")]));
        Write(t => t.Save([new TruthMessage("late", "1", 2)]));
        Assert.Equal([(0L, 1L, 0L), (10, 2, 0)], Write(t => t.Join(1)).OrderBy(l => l.Pane.Start).Select(l => (l.Pane.Start, l.Labelled, l.Settled)));
        Assert.Equal([("early", "0"), ("late", "1"), ("own", "1")], Write(t => t.Answers(like, 0, 100)).Select(a => (a.Id, a.Truth!)));
        // Joined again nothing changes; settled it is no longer told.
        var open = Write(t => t.Join(1));
        Assert.Equal(2, open.Count);
        Write(t => t.Settle(open));
        Assert.Empty(Write(t => t.Join(1)));
        Write(t => t.Save([Answered("more", 10, "0")]));
        Assert.Equal([(3L, 2L)], Write(t => t.Join(1)).Select(l => (l.Labelled, l.Settled)));
    }

    [Fact]
    public void The_first_of_an_id_counts_and_the_others_are_counted()
    {
        Write(t => t.Save([Answered("x"), Answered("x", 10), Answered("y")]));
        Write(t => t.Save([Answered("x", 20)]));
        Write(t => t.Save([new TruthMessage("x", "1", 1), new TruthMessage("x", "0", 2), new TruthMessage("nobody", "0", 2)]));
        Write(t => t.Save([new TruthMessage("x", "0", 3)]));
        Write(t => t.Join(1));
        var answers = Write(t => t.Answers(like, 0, 100));
        Assert.Equal([("x", 0L, "1", 2L), ("y", 0, null, 0)], answers.Select(a => (a.Id, a.Pane.Start, a.Truth, a.Duplicates)));
        Assert.Equal(new TruthTotals(Waiting: 1, Orphans: 0, Duplicates: 2), Write(t => t.Totals()));
    }

    [Fact]
    public void One_truth_serves_every_model_that_answered()
    {
        Write(t => t.Save([Answered("x"), Answered("x", model: "other")]));
        Write(t => t.Save([new TruthMessage("x", "1", 1)]));
        Assert.Equal(["m", "other"], Write(t => t.Join(1)).Select(l => l.Pane.Model).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_versions_may_answer_the_same_id()
    {
        Answer Of(string version) => Answered("x") with { Pane = like with { Version = version }, Predicted = version };
        Write(t => t.Save([Of("1"), Of("2"), Of("2")]));
        Write(t => t.Save([new TruthMessage("x", "1", 1)]));
        Assert.Equal([("1", 1L), ("2", 1L)], Write(t => t.Join(1)).Select(l => (l.Pane.Version, l.Labelled)).Order());
        Assert.Equal([("1", 0L)], Write(t => t.Answers(like, 0, 10)).Select(a => (a.Predicted!, a.Duplicates)));
        Assert.Equal([("2", 1L)], Write(t => t.Answers(like with { Version = "2" }, 0, 10)).Select(a => (a.Predicted!, a.Duplicates)));
        Write(t => t.Expire("m", 100, long.MaxValue));
        Assert.Empty(Write(t => t.Answers(like with { Version = "2" }, 0, 10)));
    }

    [Fact]
    public void What_is_overdue_is_given_up_and_truths_without_an_answer_are_orphans()
    {
        Write(t => t.Save([Answered("old"), Answered("new", 50)]));
        Write(t => t.Save([new TruthMessage("old", "1", 5), new TruthMessage("nobody", "1", 5), new TruthMessage("nobody", "1", 5), new TruthMessage("new", "0", 60)]));
        Write(t => t.Join(1));
        Write(t =>
        {
            t.Expire("m", 50, long.MaxValue);
            t.ExpireTruths(50);
        });
        Assert.Equal(["new"], Write(t => t.Answers(like, 0, 100)).Select(a => a.Id));
        Assert.Equal(new TruthTotals(Waiting: 0, Orphans: 1, Duplicates: 1), Write(t => t.Totals()));
        Assert.Equal([50L], Write(t => t.Join(1)).Select(l => l.Pane.Start));
    }

    [Fact]
    public void An_answer_that_was_taken_lately_is_kept_however_old_it_is()
    {
        Write(t => t.Save([Answered("a"), Answered("b", 20)]));
        Write(t => t.Join(100));
        Write(t => t.Save([Answered("c")]));
        Write(t => t.Join(200));
        Write(t => t.Expire("m", 50, 150));
        Assert.Equal(["c"], Write(t => t.Answers(like, 0, 100)).Select(a => a.Id));
        Write(t => t.Save([new TruthMessage("b", "1", 300), new TruthMessage("c", "1", 300)]));
        Assert.Equal([(0L, 1L)], Write(t => t.Join(300)).Select(l => (l.Pane.Start, l.Labelled)));
        Write(t => t.Expire("m", 50, 201));
        Assert.Empty(Write(t => t.Answers(like, 0, 100)));
        Assert.Empty(Write(t => t.Join(400)));
    }

    [Fact]
    public async Task Totals_are_the_same_inside_and_outside_of_a_transaction()
    {
        Write(t => t.Save([new TruthMessage("x", "1", 1), new TruthMessage("x", "0", 2), new TruthMessage("y", "0", 60)]));
        Write(t => t.ExpireTruths(50));
        Assert.Equal(new TruthTotals(Waiting: 1, Orphans: 1, Duplicates: 1), Write(t => t.Totals()));
        Assert.Equal(Write(t => t.Totals()), await Store.TruthTotalsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Nothing_of_a_transaction_that_did_not_commit_is_there()
    {
        using (var transaction = Store.Begin())
        {
            transaction.Truths.Save([Answered("x")]);
            transaction.Truths.Save([new TruthMessage("x", "1", 1)]);
            Assert.Single(transaction.Truths.Join(1));
        }
        Assert.Empty(Write(t => t.Join(1)));
        Assert.Empty(Write(t => t.Answers(like, 0, 100)));
    }
}
