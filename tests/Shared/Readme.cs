namespace Drift.Tests;

/// <summary>The code in README.md, which the tests compile and run.</summary>
static class Readme
{
    /// <summary>The contents of the fenced C# blocks in order.</summary>
    public static IReadOnlyList<string> CSharpBlocks()
    {
        var blocks = new List<string>();
        List<string>? open = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "README.md")))
        {
            if (open is null && line.StartsWith("```csharp", StringComparison.Ordinal)) open = [];
            else if (open is not null && line.StartsWith("```", StringComparison.Ordinal))
            {
                blocks.Add(string.Join('\n', open));
                open = null;
            }
            else open?.Add(line);
        }
        return blocks;
    }
}
