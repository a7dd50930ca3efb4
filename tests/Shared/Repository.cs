namespace Drift.Tests;

/// <summary>The clone that the tests were built from.</summary>
static class Repository
{
    /// <summary>The folder that holds Drift.sln.</summary>
    public static string Root { get; } = Find();

    static string Find()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Drift.sln"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("the tests do not run inside a clone of the repository");
    }
}
