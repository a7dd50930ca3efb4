using System.Collections.Concurrent;
using System.Text;
using Drift.Worker.Sources.Files.Arrow;

namespace Drift.Worker.Sources.Files;

/// <summary>Opens data files: CSV, JSONL and Arrow IPC, plain or gzip. The format is told by the first bytes and the name.</summary>
public static class DataFile
{
    /// <summary>Reads a file into a table; columns whose kind is not given are inferred from all of their cells.</summary>
    /// <exception cref="InputException">It cannot be read: the message names file, line and what would be right.</exception>
    public static DataSet Load(string path, ReadOptions options) => Guard(path, () =>
    {
        using var source = new FileSource(path);
        var columns = Read(source, Modes(options), options);
        if (columns.Any(c => c.Misjudged))
        {
            // The first rows were not like the rest; once more, with the kinds that the whole file speaks for.
            var decided = columns.ToDictionary(c => c.Name, c => c.Misjudged ? c.Counts.Decide() : c.Mode, StringComparer.Ordinal);
            columns = Read(source, name => decided.GetValueOrDefault(name, CellMode.Undecided), options);
        }
        if (options.AllMustExist) MustExist(path, options, columns);
        return Inference.Finish(path, columns, options);
    });

    /// <summary>Runs something that reads a file and turns what went wrong with the file into a message about the file.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file", e);
        }
        catch (Exception e) when (e is InvalidDataException or TruncatedException)
        {
            throw new InputException($"{path}: damaged gzip data: {(e is TruncatedException ? e.Message : "the content does not match its checks")}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException { ParamName: "path" })
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    static Func<string, CellMode> Modes(ReadOptions options) => name => options.RoleOf(name) switch
    {
        ColumnRole.Time => CellMode.Time,
        ColumnRole.Id or ColumnRole.Ignore => CellMode.Count,
        ColumnRole.Segment => CellMode.Category,
        null when !options.InferOthers => CellMode.Count,
        _ => options.Schema?.Find(name)?.Kind switch { ColumnKind.Numeric => CellMode.Number, ColumnKind.Categorical => CellMode.Category, _ => CellMode.Undecided },
    };

    static List<ColumnReader> Read(FileSource source, Func<string, CellMode> modeOf, ReadOptions options)
    {
        ColumnReader ColumnOf(string name) => new(name, modeOf(name), keep: !options.KeepNothing);
        ColumnReader TypedColumnOf(string name, CellMode typed) => new(name, modeOf(name) is var mode && mode == CellMode.Undecided ? typed : mode, keep: !options.KeepNothing);
        using var stream = source.IsJson || source.IsArrow ? source.Open() : Stream.Null;
        var columns = source.IsJson ? JsonFile.Read(source.Path, stream, ColumnOf, options.Progress)
            : source.IsArrow ? ArrowFile.Read(source.Path, stream, TypedColumnOf, options.Progress)
            : CsvFile.Read(source.Path, source.Open, source.Lines(), ColumnOf, options.Progress);
        foreach (var column in columns) column.Finish();
        return columns;
    }

    static void MustExist(string path, ReadOptions options, List<ColumnReader> columns)
    {
        var missing = options.Named.Where(n => columns.TrueForAll(c => c.Name != n)).ToList();
        if (missing.Count == 0) return;
        var has = string.Join(", ", columns.Select(c => c.Name).Take(20)) + (columns.Count > 20 ? ", .." : "");
        throw new InputException($"{path}: has no column {string.Join(", ", missing.Select(n => $"'{n}'"))}; it has {has}");
    }
}

/// <summary>A file that can be read from the start more than once, and opened more than once; a pipe, which gives its content to its first reader only, is kept in memory for that.</summary>
sealed class FileSource : IDisposable
{
    static readonly ConcurrentDictionary<string, byte[]> pipes = new(StringComparer.Ordinal);

    readonly Stream file;
    readonly bool gzip;

    public FileSource(string path)
    {
        if (path.Length == 0) throw new UsageException("a data file has an empty name");
        Path = path;
        if (Directory.Exists(path)) throw new InputException($"{path}: is a directory; name a file");
        file = pipes.TryGetValue(path, out var kept) ? new MemoryStream(kept, writable: false) : OpenFile(path);
        Span<byte> magic = stackalloc byte[2];
        gzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        IsArrow = LooksLikeArrow();
        IsJson = !IsArrow && LooksLikeJson();
    }

    public string Path { get; }

    public bool IsJson { get; }

    /// <summary>Whether it is Arrow IPC, a stream or a file, by its first bytes.</summary>
    public bool IsArrow { get; }

    /// <summary>The content from the start, uncompressed.</summary>
    public Stream Open()
    {
        file.Position = 0;
        var raw = new Borrowed(file);
        return gzip ? new GzipFile(raw) : raw;
    }

    /// <summary>How many lines the file has, where that takes no more than a look at its bytes; null for a compressed or an enormous one.</summary>
    public int? Lines()
    {
        if (gzip) return null;
        using var stream = Open();
        var buffer = new byte[1 << 17];
        var (lines, last) = (0L, (byte)'\n');
        for (int read; (read = stream.Read(buffer)) > 0; last = buffer[read - 1]) lines += buffer.AsSpan(0, read).Count((byte)'\n');
        lines += last == '\n' ? 0 : 1;
        return lines <= Array.MaxLength ? (int)lines : null;
    }

    bool LooksLikeArrow()
    {
        using var stream = Open();
        Span<byte> start = stackalloc byte[6];
        return ArrowReader.LooksLike(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    bool LooksLikeJson()
    {
        var name = Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Path[..^3] : Path;
        var extension = System.IO.Path.GetExtension(name).ToLowerInvariant();
        if (extension is ".csv") return false;
        if (extension is ".jsonl" or ".ndjson" or ".json") return true;
        if (extension is ".arrow" or ".arrows" or ".feather") throw new InputException($"{Path}: not an Arrow file: its first bytes are neither those of a stream nor of a file");
        if (extension is ".parquet") throw new InputException($"{Path}: Parquet files are not read; give CSV, JSONL or Arrow");
        using var reader = new StreamReader(Open(), Encoding.UTF8);
        int first;
        do first = reader.Read();
        while (first >= 0 && char.IsWhiteSpace((char)first));
        return first == '{';
    }

    static Stream OpenFile(string path)
    {
        var opened = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        if (opened.CanSeek) return opened;
        using (opened)
        {
            using var memory = new MemoryStream();
            opened.CopyTo(memory);
            return new MemoryStream(pipes[path] = memory.ToArray(), writable: false);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>The file without the right to close it.</summary>
    sealed class Borrowed(Stream inner) : Stream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
