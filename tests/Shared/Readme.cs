namespace Drift.Tests;

/// <summary>The code in README.md, which the tests compile and run.</summary>
static class Readme
{
    /// <summary>The contents of the fenced C# blocks in order.</summary>
    public static IReadOnlyList<string> CSharpBlocks() => Of("README.md");

    /// <summary>The same of every README: the repository's first, then the packages'.</summary>
    public static IReadOnlyList<string> AllCSharpBlocks() =>
        [.. CSharpBlocks(), .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "README.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(Of)];

    static List<string> Of(string path)
    {
        var blocks = new List<string>();
        List<string>? open = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, path)))
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
