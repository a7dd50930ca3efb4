using System.Buffers;

namespace Drift.Worker.Sources.Files;

/// <summary>The lines of a file as bytes, without their line ends and without empty ones; a byte order mark at the start is skipped.</summary>
sealed class JsonLines(string file, Stream stream) : IDisposable
{
    const int LongestLine = 64 << 20;
    byte[] buffer = new byte[1 << 16];
    int start, end;
    bool ended;

    /// <summary>The number of the current line, from 1.</summary>
    public long Number { get; private set; }

    public bool Read(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var rest = buffer.AsSpan(start, end - start);
            var at = rest.IndexOf((byte)'\n');
            if (at < 0 && !ended) { Fill(); continue; }
            if (at < 0 && rest.IsEmpty) { line = default; return false; }
            line = at < 0 ? rest : rest[..at];
            start += at < 0 ? rest.Length : at + 1;
            if (++Number == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
            line = line.Trim(" \t\r"u8);
            if (!line.IsEmpty) return true;
        }
    }

    void Fill()
    {
        if (start > 0) { buffer.AsSpan(start, end - start).CopyTo(buffer); end -= start; start = 0; }
        if (end == buffer.Length)
        {
            if (buffer.Length >= LongestLine) throw InputException.At(file, Number + 1, $"longer than {LongestLine >> 20} MB; a JSONL file holds one record per line");
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        var read = stream.Read(buffer.AsSpan(end));
        ended = read == 0;
        end += read;
    }

    public void Dispose() => stream.Dispose();
}
