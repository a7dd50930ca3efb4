using System.Text.Json;
using Drift.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Drift.Worker.Tests.House;

/// <summary>The notebooks' cells run in their order, and what a cell shows is shown as the notebook's own formatter would.</summary>
public sealed class NotebookTests
{
    const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Text; global using System.Threading.Tasks;";
    static readonly string folder = Path.Combine(Repository.Root, "samples", "notebooks");

    public static TheoryData<string> Notebooks() => [.. Directory.EnumerateFiles(folder, "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Every_cell_runs_and_what_it_shows_is_a_report_or_text(string name)
    {
        var cells = Cells(name);
        Assert.Contains("#r \"nuget: Drift.Core\"", cells[0], StringComparison.Ordinal);
        var code = string.Join('\n', cells.Select(Program)) + "\nreturn;\nstatic partial class Notebook { public static List<object> Shown { get; } = []; }";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var program = CSharpCompilation.Create("notebook-" + name, [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(Usings)], references, new(OutputKind.ConsoleApplication));
        using var image = new MemoryStream();
        var result = program.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)) + "\n" + code);
        var assembly = System.Reflection.Assembly.Load(image.ToArray());
        assembly.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        foreach (var shown in (List<object>)assembly.GetType("Notebook")!.GetProperty("Shown")!.GetValue(null)!) Assert.IsType<DriftReport>(shown);
    }

    /// <summary>The convention by which a notebook finds a type's formatter, followed by the notebooks' own library.</summary>
    [Fact]
    public void The_formatting_of_notebooks_shows_a_report_as_its_page()
    {
#if INTERACTIVE
        var schema = Schema.Of(ColumnSpec.Categorical("a <b>column</b>"));
        var reference = ProfileBuilder.ForReference(schema).Add("a <b>column</b>", Enumerable.Range(0, 500).Select(i => i % 2 == 0 ? "x" : "y")).ToProfile();
        var report = DriftReport.Compare(reference, ProfileBuilder.ForWindow(reference).Add("a <b>column</b>", Enumerable.Repeat("x", 200)).ToProfile());
        Assert.Equal("text/html", Microsoft.DotNet.Interactive.Formatting.Formatter.GetPreferredMimeTypesFor(typeof(DriftReport)).First());
        var shown = Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(report, "text/html");
        Assert.Equal(report.ToHtmlFragment(), shown);
        Assert.DoesNotContain("<b>column", shown, StringComparison.Ordinal);
#else
        Assert.Skip("Microsoft.DotNet.Interactive.Formatting cannot be restored from this package source: that notebooks find the formatter is NOT tested with their own library");
#endif
    }

    static List<string> Cells(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, name)));
        return [.. document.RootElement.GetProperty("cells").EnumerateArray().Where(c => c.GetProperty("cell_type").GetString() == "code")
            .Select(c => string.Concat(c.GetProperty("source").EnumerateArray().Select(l => l.GetString())))];
    }

    /// <summary>A cell as statements: directives taken out, and the expression that the notebook would show collected.</summary>
    static string Program(string cell)
    {
        var code = string.Join('\n', cell.Split('\n').Where(l => !l.StartsWith("#r ", StringComparison.Ordinal)));
        var expression = SyntaxFactory.ParseExpression(code, consumeFullText: true);
        return expression is not IdentifierNameSyntax { IsMissing: true } && !expression.ContainsDiagnostics ? $"Notebook.Shown.Add({code});" : code;
    }
}
