namespace Drift;

/// <summary>The length of a period that rows are chunked by.</summary>
public enum ChunkPeriod
{
    /// <summary>A UTC day.</summary>
    Day,

    /// <summary>An ISO week: Monday to Sunday, UTC.</summary>
    Week,

    /// <summary>A calendar month, UTC.</summary>
    Month,
}

/// <summary>A part of the rows over which performance is looked at.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Start">The first row for chunks by size or count; the first instant in Unix milliseconds (UTC) for periods.</param>
/// <param name="End">The first row after it; the first instant after it for periods.</param>
/// <param name="IsPeriod">Whether start and end are instants.</param>
/// <param name="Rows">Its rows, in the order of the data.</param>
public sealed record Chunk(int Index, long Start, long End, bool IsPeriod, ReadOnlyMemory<int> Rows)
{
    /// <summary>Chunks of <paramref name="size"/> rows; what is left at the end is a chunk of its own.</summary>
    public static IReadOnlyList<Chunk> BySize(int rows, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var chunks = new List<Chunk>();
        for (var start = 0; start < rows; start = End(start)) chunks.Add(Of(chunks.Count, start, End(start)));
        return chunks;

        int End(int start) => (int)Math.Min((long)start + size, rows);
    }

    /// <summary>So many chunks of as equal a size as possible, the longer ones first; fewer when there are fewer rows.</summary>
    public static IReadOnlyList<Chunk> ByCount(int rows, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var chunks = new List<Chunk>();
        var (least, longer) = Math.DivRem(rows, count);
        for (var start = 0; start < rows; start = (int)chunks[^1].End) chunks.Add(Of(chunks.Count, start, start + least + (chunks.Count < longer ? 1 : 0)));
        return chunks;
    }

    /// <summary>A chunk per period that has rows, whatever their order; rows whose time is NaN belong to none.</summary>
    /// <param name="times">Each row's time in Unix milliseconds, UTC.</param>
    /// <param name="period">The length of a period.</param>
    public static IReadOnlyList<Chunk> ByPeriod(ReadOnlySpan<double> times, ChunkPeriod period)
    {
        var rows = new SortedDictionary<DateTime, List<int>>();
        for (var i = 0; i < times.Length; i++)
        {
            if (!double.IsFinite(times[i])) continue;
            var start = StartOf(DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(times[i])).UtcDateTime, period);
            if (!rows.TryGetValue(start, out var own)) rows.Add(start, own = []);
            own.Add(i);
        }
        return [.. rows.Select((entry, index) => new Chunk(index, Unix(entry.Key), Unix(EndOf(entry.Key, period)), true, entry.Value.ToArray()))];
    }

    static DateTime StartOf(DateTime time, ChunkPeriod period) => period switch
    {
        ChunkPeriod.Day => time.Date,
        ChunkPeriod.Week => time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)),
        _ => new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc),
    };

    static DateTime EndOf(DateTime start, ChunkPeriod period) => period switch
    {
        ChunkPeriod.Day => start.AddDays(1),
        ChunkPeriod.Week => start.AddDays(7),
        _ => start.AddMonths(1),
    };

    static long Unix(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();

    static Chunk Of(int index, int start, int end) => new(index, start, end, false, Enumerable.Range(start, end - start).ToArray());
}
