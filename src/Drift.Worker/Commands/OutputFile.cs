namespace Drift.Worker.Commands;

/// <summary>
/// Writes a result so that a reader never sees half of it: beside the target, then renamed. Only where the target is absent or a regular file;
/// a device, a pipe or a link is written directly. A write that fails is the user's to mend: exit code 2.
/// </summary>
public static class OutputFile
{
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        if (path.Length == 0) throw new UsageException("an output file has an empty name");
        try
        {
            if (Directory.Exists(path)) throw new IOException("it is a directory; name a file");
            var target = new FileInfo(path);
            if (target.LinkTarget is not null) WriteDirectly(path, FileMode.Create, bytes);
            else if (!target.Exists || !TryWriteToDevice(path, bytes)) Replace(Path.GetFullPath(path), target.Exists, bytes);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new InputException($"cannot write {path}: there is no such folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"cannot write {path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// There is no portable question "is this a regular file"; but only a regular file can be sought and given the length that it has.
    /// The stream that asked also writes: a pipe's reader would see the end of its input if it were opened twice.
    /// </summary>
    static bool TryWriteToDevice(string path, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (IsRegular(stream)) return false;
        stream.Write(bytes);
        stream.Flush();
        return true;
    }

    static bool IsRegular(FileStream stream)
    {
        if (!stream.CanSeek) return false;
        try
        {
            stream.SetLength(stream.Length);
            return true;
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }

    static void WriteDirectly(string path, FileMode mode, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(bytes);
        stream.Flush();
    }

    static void Replace(string path, bool exists, ReadOnlySpan<byte> bytes)
    {
        var beside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            if (exists && !OperatingSystem.IsWindows()) File.SetUnixFileMode(beside, File.GetUnixFileMode(path));
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
