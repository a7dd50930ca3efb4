using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Drift.Tests;

namespace Drift.Worker.Tests.House;

/// <summary>Worker -> Alerts -> Core, never back; Alerts sees of Core only the readings; the worker's adapters do not know each other.</summary>
public sealed partial class LayeringTests
{
    static readonly Assembly core = Assembly.Load("Drift.Core"), alerts = Assembly.Load("Drift.Alerts");

    [Fact]
    public void Core_references_its_two_packages_and_nothing_else_of_ours() =>
        Assert.DoesNotContain(core.GetReferencedAssemblies(), reference => !IsFramework(reference) && reference.Name is not ("MathNet.Numerics" or "System.Numerics.Tensors"));

    [Fact]
    public void Alerts_references_core_and_nothing_else() =>
        Assert.DoesNotContain(alerts.GetReferencedAssemblies(), reference => !IsFramework(reference) && reference.Name != "Drift.Core");

    [Fact]
    public void Alerts_sees_only_the_readings_of_core()
    {
        using var stream = File.OpenRead(alerts.Location);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var seen = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == "Drift.Core")
            .Select(type => metadata.GetString(type.Name)).ToHashSet();
        var readings = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Drift.Core", "Readings"), "*.cs")
            .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();
        // A reading carries its column's role, and the role has a name.
        readings.UnionWith(["ColumnRole", "ColumnNames"]);
        Assert.NotEmpty(seen);
        Assert.Empty(seen.Except(readings));
    }

    [Fact]
    public void No_source_file_names_a_shell_a_drive_or_an_absolute_path()
    {
        var found = SourceFiles().SelectMany(file => File.ReadLines(file).Select((line, at) => (file, line, at)))
            .Where(at => Machine().IsMatch(at.line)).Select(at => $"{Path.GetRelativePath(Repository.Root, at.file)}:{at.at + 1}: {at.line.Trim()}");
        Assert.Empty(found);
    }

    /// <summary>The folders of the worker that hold adapters; only the composition root (Hosting, Commands) puts them together.</summary>
    static readonly string[] adapters = ["Sources.Kafka", "Sources.Files", "Stores.Sql", "Stores.Sqlite", "Stores.Postgres", "Stores.Memory", "Telemetry", "Web"];

    [Fact]
    public void Adapters_of_the_worker_are_known_to_the_composition_root_only()
    {
        var found = SourceFiles().Where(file => file.Contains($"{Path.DirectorySeparatorChar}Drift.Worker{Path.DirectorySeparatorChar}"))
            .Select(file => (file, room: Path.GetRelativePath(Path.Combine(Repository.Root, "src", "Drift.Worker"), file).Split(Path.DirectorySeparatorChar)[0]))
            .Where(at => at.room is "Sources" or "Windows" or "References" or "Stores" or "Telemetry" or "Web" or "Configuration")
            .SelectMany(at => File.ReadLines(at.file).Select(line => Import().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups[1].Value).Where(used => adapters.Any(adapter => used == adapter || used.StartsWith(adapter + ".", StringComparison.Ordinal)) && used.Split('.')[0] != at.room)
                .Select(used => $"{Path.GetFileName(at.file)} uses {used}"));
        Assert.Empty(found);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(SourceFiles().Where(file => File.ReadLines(file).Count() > 400).Select(file => Path.GetRelativePath(Repository.Root, file)));

    static IEnumerable<string> SourceFiles() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}") && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}"));

    static bool IsFramework(AssemblyName reference) => reference.Name is "netstandard" or "mscorlib" || reference.Name!.StartsWith("System.", StringComparison.Ordinal) && reference.Name != "System.Numerics.Tensors";

    [GeneratedRegex(@"^using Drift\.Worker\.([\w.]+);")]
    private static partial Regex Import();

    [GeneratedRegex(@"(?:class|struct|enum|interface|record(?: struct)?) (\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex("""["'(](/(bin|etc|usr|opt|var|home|root|tmp|proc|dev)\b|[A-Za-z]:\\\\)|\b(bash|/bin/sh|cmd\.exe|powershell|pwsh)\b""")]
    private static partial Regex Machine();
}
