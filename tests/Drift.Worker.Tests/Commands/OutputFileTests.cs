using Drift.Worker.Commands;

namespace Drift.Worker.Tests.Commands;

public sealed class OutputFileTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_new_file_appears_whole_and_alone()
    {
        OutputFile.Write(folder["new.json"], "one"u8);
        Assert.Equal("one", File.ReadAllText(folder["new.json"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_existing_file_is_replaced_not_rewritten()
    {
        var path = folder.File("old.json", "a longer text than the new one");
        using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        OutputFile.Write(path, "new"u8);
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal("a longer text than the new one", new StreamReader(reader).ReadToEnd());
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        var target = folder.File("target.json", "old and long");
        File.CreateSymbolicLink(folder["link.json"], target);
        OutputFile.Write(folder["link.json"], "new"u8);
        Assert.NotNull(new FileInfo(folder["link.json"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
    }

    [Fact]
    public void A_device_is_written_directly_and_its_failure_is_the_users()
    {
        var full = Path.Combine(Path.GetPathRoot(folder.Path)!, "dev", "full");
        Assert.SkipUnless(File.Exists(full), "no such device here");
        var e = Assert.Throws<InputException>(() => OutputFile.Write(full, "x"u8));
        Assert.Contains(full, e.Message, StringComparison.Ordinal);
        OutputFile.Write(Path.Combine(Path.GetPathRoot(folder.Path)!, "dev", "null"), "x"u8);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("missing/x.json")]
    public void What_cannot_be_written_is_named(string name)
    {
        var e = Assert.Throws<InputException>(() => OutputFile.Write(Path.Combine(folder.Path, name), "x"u8));
        Assert.StartsWith("cannot write ", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
