using Drift.Worker.Commands;

namespace Drift.Worker.Tests.Commands;

/// <summary>One run of the drift command in this process, with what it said.</summary>
sealed record Run(int Code, string Out, string Error)
{
    public static async Task<Run> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DriftCommand.RunAsync(args, new Cli(output, error, TimeProvider.System) { Cancel = TestContext.Current.CancellationToken });
        return new Run(code, output.ToString(), error.ToString());
    }

    /// <summary>The rule for exit code 2: exactly one non-empty line on stderr, at most 2,000 characters; returns it.</summary>
    public string TheOneLine()
    {
        Assert.Equal(2, Code);
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(line.Length, 8, 2000);
        Assert.DoesNotContain("Usage:", line, StringComparison.Ordinal);
        return line;
    }
}

/// <summary>A folder of its own for one test.</summary>
sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("drift-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string File(string name, string text)
    {
        System.IO.File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
