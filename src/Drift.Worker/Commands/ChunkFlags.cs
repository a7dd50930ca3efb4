using System.CommandLine;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>How rows are cut into chunks: the same on every command.</summary>
sealed class ChunkFlags
{
    readonly Option<int?> size = new("--chunk-size") { Description = "Rows of a chunk.", HelpName = "N" };
    readonly Option<int?> count = new("--chunk-count") { Description = "How many chunks; 10 when no chunking is named.", HelpName = "N" };
    readonly Option<string?> period = new("--chunk-period") { Description = "Chunks by calendar, in UTC.", HelpName = "day|week|month" };

    public ChunkFlags(Command command)
    {
        foreach (var option in (Option[])[size, count, period]) command.Add(option);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool IsGiven(ParseResult given) => Named(given).Length > 0;

    string[] Named(ParseResult given) => [.. new[] { size.Name, count.Name, period.Name }.Where(name => given.GetResult(name) is not null)];

    /// <summary>The chunks of a table.</summary>
    public IReadOnlyList<Chunk> Of(ParseResult given, Table table, string file)
    {
        if (Named(given) is { Length: > 1 } named) throw new UsageException($"{string.Join(" and ", named)} contradict each other");
        if (given.GetValue(size) is { } rows) return rows >= 1 ? Chunk.BySize(table.Rows, rows) : throw new UsageException($"--chunk-size {rows}: at least 1");
        if (given.GetValue(period) is not { } name) return given.GetValue(count) is null or >= 1 ? Chunk.ByCount(table.Rows, given.GetValue(count) ?? 10) : throw new UsageException($"--chunk-count {given.GetValue(count)}: at least 1");
        ChunkPeriod length = name switch { "day" => ChunkPeriod.Day, "week" => ChunkPeriod.Week, "month" => ChunkPeriod.Month, _ => throw new UsageException($"--chunk-period {name}: day, week or month") };
        var times = ModelData.Times(table) ?? throw new InputException($"{file}: --chunk-period needs a time column: none is named ts or timestamp, and --ts names none");
        return Chunk.ByPeriod(times, length);
    }
}
