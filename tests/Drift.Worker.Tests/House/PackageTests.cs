using System.IO.Compression;
using Drift.Tests;

namespace Drift.Worker.Tests.House;

/// <summary>What a user meets who has the whole public gallery, or only our packages.</summary>
public sealed class PackageTests
{
    /// <summary>Packages that a partial source may lack; an empty package of the same name stands in for each.</summary>
    static readonly string[] standIns = ["librdkafka.redist", "Microsoft.Data.Sqlite", "Apache.Arrow", "Microsoft.Data.Analysis", "Microsoft.Playwright"];

    [Fact]
    public async Task Without_findings_about_the_package_source_everything_restores()
    {
        using var folder = new ScratchFolder();
        foreach (var file in Directory.EnumerateFiles(Repository.Root, "*.*", SearchOption.AllDirectories).Where(IsBuildFile))
        {
            var target = Path.Combine(folder.Path, "clone", Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        foreach (var name in standIns) StandIn(folder, name);
        AddSource(folder, Path.Combine(folder.Path, "packages"));
        Assert.False(File.Exists(Path.Combine(folder.Path, "clone", "eng", "feed.props")));
        // A stand-in in the machine's package cache would reach other builds; what is there already need not be fetched again.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await DotnetCli.Run(Path.Combine(folder.Path, "clone"), "restore", "Drift.sln", "--packages", Path.Combine(folder.Path, "cache"), $"-p:RestoreFallbackFolders={cache}", "-p:TreatWarningsAsErrors=false");
    }

    [Fact]
    public async Task The_packed_library_runs_the_first_example_of_the_readme()
    {
        using var folder = new ScratchFolder();
        var packages = Path.Combine(folder.Path, "packages");
        await DotnetCli.Run(Repository.Root, "pack", "src/Drift.Core", "-c", "Release", "-v", "quiet", "-nologo", "-o", packages, "-p:VersionSuffix=test");
        Carries(Assert.Single(Directory.GetFiles(packages, "*.nupkg")));
        Assert.Single(Directory.GetFiles(packages, "*.snupkg"));
        AddSource(folder, packages);
        folder.Write("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="Drift.Core" Version="*-*" /></ItemGroup>
            </Project>
            """);
        folder.Write("app/Program.cs", Readme.CSharpBlocks()[0]);
        await DotnetCli.Run(Path.Combine(folder.Path, "app"), "restore", "--packages", Path.Combine(folder.Path, "cache"));
        var said = await DotnetCli.Run(Path.Combine(folder.Path, "app"), "run", "--no-restore");
        Assert.Contains("psi", said);
    }

    /// <summary>Here and not with the other samples: it builds the library beside the sample, as packing does, and two builds of one project must not meet.</summary>
    [Theory]
    [InlineData("functions.cs", "psi ")]
    public async Task A_program_of_one_file_runs_as_its_first_line_says(string sample, string says) =>
        Assert.Contains(says, await DotnetCli.Run(Path.Combine(Repository.Root, "samples"), "run", sample), StringComparison.Ordinal);

    /// <summary>What a gallery shows and a debugger needs, and nothing of the machine that built it.</summary>
    static void Carries(string path)
    {
        using var package = ZipFile.OpenRead(path);
        foreach (var name in (string[])["icon.png", "README.md", "lib/net10.0/Drift.Core.dll", "lib/net10.0/Drift.Core.xml"]) Assert.Contains(package.Entries, e => e.FullName == name);
        using var reader = new StreamReader(package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        var nuspec = reader.ReadToEnd();
        foreach (var text in (string[])["<license type=\"expression\">MIT</license>", "<icon>icon.png</icon>", "<readme>README.md</readme>", "<description>Data drift"]) Assert.Contains(text, nuspec, StringComparison.Ordinal);
        Assert.DoesNotContain("file:", nuspec, StringComparison.Ordinal);
        Assert.DoesNotContain(Repository.Root, nuspec, StringComparison.Ordinal);
    }

    static bool IsBuildFile(string file) =>
        !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or ".git")
        && (Path.GetExtension(file) is ".csproj" or ".sln" || Path.GetFileName(file) is "Directory.Build.props" or "Directory.Build.targets" or "Directory.Packages.props" or "nuget.config" or "global.json");

    static void AddSource(ScratchFolder folder, string source) => folder.Write("nuget.config", $"""
        <?xml version="1.0" encoding="utf-8"?>
        <configuration><packageSources><add key="drift-test" value="{source}" /></packageSources></configuration>
        """);

    static void StandIn(ScratchFolder folder, string name)
    {
        var version = name == "librdkafka.redist" ? Version("Confluent.Kafka") : Version(name);
        Directory.CreateDirectory(Path.Combine(folder.Path, "packages"));
        using var package = ZipFile.Open(Path.Combine(folder.Path, "packages", $"{name}.{version}.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(package.CreateEntry($"{name}.nuspec").Open());
        writer.Write($"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>{name}</id><version>{version}</version><authors>test</authors><description>stand-in</description></metadata></package>
            """);
    }

    static string Version(string package) => System.Xml.Linq.XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Single(item => (string?)item.Attribute("Include") == package).Attribute("Version")!.Value;
}
