namespace Drift.Alerts.Tests.Stores;

public class AuditChainTests
{
    static List<AuditEntry> Chain()
    {
        var entries = new List<AuditEntry>();
        for (var i = 0; i < 5; i++) entries.Add(AuditChain.Append(entries.LastOrDefault(), Make.Origin.AddMinutes(i), "ann", "alert.ack", $"key{i}", "{}"));
        return entries;
    }

    [Fact]
    public void A_whole_chain_and_every_part_of_it_verify()
    {
        var chain = Chain();
        Assert.Null(AuditChain.Verify(chain));
        Assert.Null(AuditChain.Verify(chain.Skip(2), chain[1]));
        Assert.Equal(AuditChain.Origin, chain[0].Previous);
        Assert.All(chain.Zip(chain.Skip(1)), p => Assert.Equal(p.First.Hash, p.Second.Previous));
    }

    [Fact]
    public void A_change_a_gap_and_another_order_are_found()
    {
        var chain = Chain();
        Assert.Equal(3, AuditChain.Verify(chain.Select(e => e.Sequence == 3 ? e with { Actor = "bob" } : e))!.Value.Sequence);
        Assert.Equal(3, AuditChain.Verify(chain.Select(e => e.Sequence == 3 ? e with { At = e.At.AddTicks(1) } : e))!.Value.Sequence);
        Assert.Equal(3, AuditChain.Verify(chain.Where(e => e.Sequence != 3))!.Value.Sequence);
        Assert.Equal(1, AuditChain.Verify(chain.AsEnumerable().Reverse())!.Value.Sequence);
        // Rewritten with a right hash of its own, it no longer is what the next one continues.
        var forged = AuditChain.Append(chain[1], chain[2].At, "bob", chain[2].Action, chain[2].Subject, chain[2].Detail);
        Assert.Equal(4, AuditChain.Verify(chain.Select(e => e.Sequence == 3 ? forged : e))!.Value.Sequence);
    }

    [Fact]
    public void Text_cannot_wander_from_one_part_into_the_next()
    {
        var one = AuditChain.Append(null, Make.Origin, "ab", "c", "d");
        var two = AuditChain.Append(null, Make.Origin, "a", "bc", "d");
        Assert.NotEqual(one.Hash, two.Hash);
    }
}
