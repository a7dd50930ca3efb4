namespace Drift.Tests;

/// <summary>The shared folder of real data, which is never part of the repository: tests that need it skip, loudly, where it is absent.</summary>
static class TestData
{
    static readonly string? root = Find();

    /// <summary>The path of a file under the shared data folder (for example "datasets/elec2.csv.gz"); skips the test when the folder is absent.</summary>
    public static string Path(string relative) => Resolve("data", relative);

    /// <summary>The path of a file under the oracle folder beside the data; skips the test when it is absent.</summary>
    public static string Oracle(string relative) => Resolve("oracle", relative);

    static string Resolve(string folder, string relative)
    {
        Assert.SkipWhen(root is null, "the shared test data is absent: set DRIFT_TEST_DATA or put it at shared/data beside the clone");
        var path = folder == "data" ? System.IO.Path.Combine(root!, relative) : System.IO.Path.Combine(root!, "..", folder, relative);
        Assert.SkipUnless(File.Exists(path), $"{folder}/{relative} is absent from the shared test data");
        return path;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("DRIFT_TEST_DATA") is { Length: > 0 } set) return Directory.Exists(set) ? set : null;
        var candidate = System.IO.Path.Combine(Repository.Root, "..", "shared", "data");
        return Directory.Exists(candidate) ? candidate : null;
    }
}
