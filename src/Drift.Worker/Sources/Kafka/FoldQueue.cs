using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Confluent.Kafka;
using Drift.Worker.Windows;

namespace Drift.Worker.Sources.Kafka;

/// <summary>
/// Folds messages in the order in which they came: while there is a backlog on a thread of its own, so that the next ones are fetched meanwhile; else at once,
/// where they are. Whoever wants to know or change how a partition stands calls <see cref="Drain"/> first: until the next <see cref="Next"/> nothing is folded.
/// </summary>
sealed class FoldQueue : IDeserializer<ArraySegment<byte>>, IDisposable
{
    /// <summary>One being filled, one being folded, the others between them: how much one thread may be ahead of the other before it waits.</summary>
    const int Batches = 4;

    readonly WindowEngine engine;
    readonly BlockingCollection<FoldBatch> free = [], full = [];
    readonly Thread thread;
    volatile ExceptionDispatchInfo? failure;
    FoldBatch filling = new();
    int handed;

    public FoldQueue(WindowEngine engine)
    {
        this.engine = engine;
        for (var i = 1; i < Batches; i++) free.Add(new FoldBatch());
        thread = new Thread(FoldAll) { Name = "drift fold", IsBackground = true };
        thread.Start();
    }

    /// <summary>The batch that takes messages now.</summary>
    public FoldBatch Filling => filling;

    /// <summary>The client's memory is its own again when this returns.</summary>
    public ArraySegment<byte> Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? default : filling.Copy(data);

    /// <summary>After a turn: a full batch means that more is waiting, and goes to the other thread; what else has come is folded here.</summary>
    /// <returns>Whether it was full.</returns>
    public bool Next()
    {
        if (!filling.IsFull)
        {
            Drain();
            return false;
        }
        full.Add(filling);
        handed++;
        filling = free.Take();
        return true;
    }

    /// <summary>Returns when everything that was taken has been folded.</summary>
    public void Drain()
    {
        if (handed > 0)
        {
            // All others are free: none is waiting or being folded.
            var others = Enumerable.Range(1, Batches - 1).Select(_ => free.Take()).ToList();
            others.ForEach(free.Add);
            handed = 0;
        }
        Fold(filling);
        failure?.Throw();
    }

    void FoldAll()
    {
        foreach (var batch in full.GetConsumingEnumerable())
        {
            Fold(batch);
            free.Add(batch);
        }
    }

    /// <summary>After a failure nothing is folded any more, as if what failed had been: the loop hears of it at the next <see cref="Drain"/>, before it can commit.</summary>
    void Fold(FoldBatch batch)
    {
        try
        {
            if (failure is null) batch.Fold(engine);
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        batch.Clear();
    }

    public void Dispose()
    {
        full.CompleteAdding();
        thread.Join();
        full.Dispose();
        free.Dispose();
    }
}
