using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests;

/// <summary>The laws of every type with +: commutative, associative, with an identity, and true to its parts after a save and a load.</summary>
static class MergeLaws
{
    /// <summary>Checks the laws for values made from random integers, compared by a given equality.</summary>
    /// <param name="make">A value from raw material; the same material gives the same value.</param>
    /// <param name="empty">The identity.</param>
    /// <param name="same">Whether two values agree.</param>
    /// <param name="reload">A save and a load.</param>
    public static void Hold<T>(Func<int[], T> make, T empty, Func<T, T, bool> same, Func<T, T> reload) where T : IAdditionOperators<T, T, T>
    {
        Prop.ForAll<int[], int[], int[]>((x, y, z) =>
        {
            var (a, b, c) = (make(x), make(y), make(z));
            return same(a + b, b + a).Label("commutative")
                .And(same(a + b + c, a + (b + c)).Label("associative"))
                .And((same(a + empty, a) && same(empty + a, a)).Label("identity"))
                .And(same(a + b, make([.. x, .. y])).Label("merge of parts is the whole"))
                .And((same(reload(a), a) && same(reload(a) + reload(b), a + b)).Label("survives save and load"));
        }).QuickCheckThrowOnFailure();
    }
}
