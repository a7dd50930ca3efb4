using System.Text;
using Confluent.Kafka;
using Drift.Worker.References;
using Drift.Worker.Sources.Kafka;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;

namespace Drift.Worker.Tests.Sources.Kafka;

public sealed class FoldQueueTests : IDisposable
{
    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly SourcePartition source = new("log", 0);

    readonly MemoryStore store = new();
    readonly List<string> seen = [];
    readonly PartitionFold fold;
    readonly FoldQueue queue;
    string? poison;

    public FoldQueueTests()
    {
        var models = new WatchedModels([new WatchedModel("m", Windows.Logs.Config(), Windows.Logs.Reference)]);
        var engine = new WindowEngine(store, models, new Judge(models, () => Alerts.Policy.Default, TimeProvider.System), new RecordLimits(), "a")
        {
            OnInvalid = (SourcePartition _, long _, string _, long _, in Worker.Sources.Formats.LogMessage message) =>
            {
                var text = Encoding.UTF8.GetString(message.Value);
                if (text == poison) throw new InvalidOperationException(text);
                seen.Add(text);
            },
        };
        fold = engine.Claim(source);
        queue = new FoldQueue(engine);
    }

    public void Dispose()
    {
        queue.Dispose();
        store.Dispose();
    }

    /// <summary>As a turn of the loop does it.</summary>
    void Turn(IEnumerable<(long Offset, string? Value)> messages)
    {
        foreach (var (offset, value) in messages)
        {
            queue.Filling.Add(fold, offset, start.UtcTicks, queue.Deserialize(value is null ? [] : Encoding.UTF8.GetBytes(value), value is null, SerializationContext.Empty), []);
            if (queue.Filling.IsFull) Assert.True(queue.Next());
        }
        Assert.False(queue.Next());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(10_000)]
    public void Messages_are_folded_in_their_order_on_whichever_thread(int count)
    {
        var sent = Enumerable.Range(0, count).Select(i => $"no record {i} {new string('.', i % 700)}").ToList();
        Turn(sent.Select((s, i) => ((long)i, (string?)s)));
        Assert.Equal(count, fold.Position);
        Assert.Equal(sent, seen);
    }

    [Fact]
    public void Few_large_values_make_a_batch_full_too()
    {
        queue.Filling.Add(fold, 0, start.UtcTicks, queue.Deserialize(new byte[600_000], false, SerializationContext.Empty), []);
        Assert.True(queue.Filling.IsFull);
        Assert.True(queue.Next());
        Assert.False(queue.Filling.IsFull);
        queue.Drain();
        Assert.Equal(1, fold.Position);
    }

    [Fact]
    public void A_value_larger_than_the_memory_for_a_batch_is_read_too_and_no_value_is_not_an_empty_one()
    {
        var large = new string('x', 3 << 20);
        Turn([(0, "a"), (1, large), (2, null), (3, ""), (4, "b")]);
        Assert.Equal(["a", large, "", "b"], seen);
        var state = fold.ToState();
        Assert.Equal(1, state.Skipped[RecordReason.Tombstone]);
        Assert.Equal(0, state.Gaps);
    }

    [Fact]
    public void What_was_counted_already_is_passed_over()
    {
        Turn([(0, "a"), (1, "b"), (1, "b"), (0, "a"), (2, "c")]);
        Assert.Equal(["a", "b", "c"], seen);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(4_999)]
    public void After_a_failure_nothing_is_folded_and_whoever_waits_hears_of_it(int at)
    {
        poison = $"{at}";
        Assert.Throws<InvalidOperationException>(() => Turn(Enumerable.Range(0, 5_000).Select(i => ((long)i, (string?)$"{i}"))));
        Assert.Equal(at, seen.Count);
        Assert.Equal(at + 1, fold.Position);
        Assert.Throws<InvalidOperationException>(queue.Drain);
        Assert.Equal(at, seen.Count);
    }
}
