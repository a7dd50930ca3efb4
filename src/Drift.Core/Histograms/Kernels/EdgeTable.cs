using System.Numerics;
using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>Many cells of any width: a fine grid over the range says between which edges a value can lie; mostly that leaves one comparison.</summary>
sealed unsafe class EdgeTable : CellKernel
{
    /// <summary>Grid slots per cell: few slots then hold more than one edge.</summary>
    const int SlotsPerCell = 8;

    readonly double first, last, halfFirst, scale, mostSlot;
    readonly double[] edges;
    readonly ushort[] cellOf;
    readonly int slots, powers;

    public EdgeTable(Binning binning)
    {
        slots = Math.Max(64, binning.Count * SlotsPerCell);
        (first, last) = (binning.Edges[0], binning.Edges[^1]);
        (halfFirst, mostSlot) = (first * 0.5, slots);
        // Half the range has a finite width where the whole does not; a scale of 0 or infinity would be no grid at all.
        scale = Math.Clamp(slots / 2 / (last / 2 - first / 2), double.Epsilon, double.MaxValue);
        cellOf = new ushort[slots + 1];
        var (cell, most) = (0, 0);
        for (var slot = 0; slot <= slots; slot++)
        {
            // A slot's values lie in the cell that the slot before ended in, or in one that begins in this slot.
            cellOf[slot] = (ushort)cell;
            while (cell < binning.Count - 1 && Slot(binning.Edges[cell + 1]) <= slot) cell++;
            most = Math.Max(most, cell - cellOf[slot]);
        }
        // The steps of a search among that many edges are powers of 2; beyond the inner edges nothing is at or above.
        powers = BitOperations.Log2((uint)most) + (most > 0 ? 1 : 0);
        edges = new double[binning.Count + (1 << powers)];
        Array.Fill(edges, double.PositiveInfinity);
        binning.Edges[..binning.Count].CopyTo(edges);
    }

    int Slot(double x) => Slot(x, halfFirst, scale, mostSlot);

    /// <summary>Never decreases with x; half differences, so that nothing overflows.</summary>
    static int Slot(double x, double halfFirst, double scale, double mostSlot) => double.ConvertToIntegerNative<int>(double.MinNative((x * 0.5 - halfFirst) * scale, mostSlot));

    public override int Count(double* values, int length, long* counts)
    {
        // In locals: read from the fields, each would have to wait for the counts written before, which might have changed it.
        var (first, last, halfFirst, scale, mostSlot, powers) = (this.first, this.last, this.halfFirst, this.scale, this.mostSlot, this.powers);
        var counted = 0;
        fixed (double* edge = edges)
        fixed (ushort* cellOf = this.cellOf)
            for (var i = 0; i < length; i++)
            {
                var x = values[i];
                if (!(x >= first && x <= last)) continue;
                nuint cell = cellOf[Slot(x, halfFirst, scale, mostSlot)];
                // As many steps for every value, each one an addition: a branch would be guessed wrong half of the time.
                for (var power = powers - 1; power >= 0; power--) cell += (nuint)Unsafe.BitCast<bool, byte>(x >= edge[cell + ((nuint)1 << power)]) << power;
                counts[cell]++;
                counted++;
            }
        return counted;
    }
}
