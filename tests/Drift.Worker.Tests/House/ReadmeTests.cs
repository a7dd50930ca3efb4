using Drift.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Drift.Worker.Tests.House;

/// <summary>Every C# block of the README and of the packages' READMEs compiles and runs as it stands, one after the other in a program of its own.</summary>
public sealed class ReadmeTests
{
    const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;
        """;

    public static TheoryData<int> Blocks() => [.. Enumerable.Range(0, Readme.AllCSharpBlocks().Count)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Block_compiles_and_runs(int block)
    {
        var code = Readme.AllCSharpBlocks()[block];
#if !ARROW
        if (code.Contains("using Microsoft.Data.Analysis", StringComparison.Ordinal)) Assert.Skip("Microsoft.Data.Analysis cannot be restored from this package source: the block that uses it is NOT run");
#endif
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var program = CSharpCompilation.Create($"readme{block}", [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(Usings)], references, new(OutputKind.ConsoleApplication));
        using var image = new MemoryStream();
        var result = program.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)) + "\n" + code);
        var entry = System.Reflection.Assembly.Load(image.ToArray()).EntryPoint!;
        using var folder = new ScratchFolder();
        var returned = entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        if (returned is Task running) await running;
    }
}
