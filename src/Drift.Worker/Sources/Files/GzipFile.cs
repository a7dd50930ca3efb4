using System.IO.Compression;

namespace Drift.Worker.Sources.Files;

/// <summary>
/// A gzip stream that tells a whole file from a truncated one. <see cref="GZipStream"/> ends silently where its input ends; so a small member of our own is
/// appended to the input, and only if its content comes out at the very end was everything before it whole (headers, data and checksums).
/// </summary>
sealed class GzipFile(Stream file) : ForwardStream
{
    static readonly byte[] mark = "\u0001drift:whole-file\u0001"u8.ToArray();
    static readonly byte[] markMember = Compress(mark);

    readonly GZipStream inner = new(new Appended(file, markMember), CompressionMode.Decompress);
    readonly byte[] held = new byte[1 << 16];
    int start, end;

    public override int Read(Span<byte> buffer)
    {
        // The last bytes are held back until it is known that they are not the mark.
        while (end - start <= mark.Length)
        {
            if (start > 0) { held.AsSpan(start, end - start).CopyTo(held); end -= start; start = 0; }
            var read = inner.Read(held.AsSpan(end));
            if (read == 0)
            {
                if (!held.AsSpan(start, end - start).SequenceEqual(mark)) throw new TruncatedException();
                return 0;
            }
            end += read;
        }
        var count = Math.Min(buffer.Length, end - start - mark.Length);
        held.AsSpan(start, count).CopyTo(buffer);
        start += count;
        return count;
    }

    static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return memory.ToArray();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>One stream followed by some bytes.</summary>
    sealed class Appended(Stream first, byte[] then) : ForwardStream
    {
        int at = -1;

        public override int Read(Span<byte> buffer)
        {
            if (at < 0)
            {
                var read = first.Read(buffer);
                if (read > 0 || buffer.IsEmpty) return read;
                at = 0;
            }
            var count = Math.Min(buffer.Length, then.Length - at);
            then.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) first.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The compressed data end too early, or something follows them.</summary>
sealed class TruncatedException() : IOException("it ends too early, or other bytes follow");

/// <summary>A stream that is read once, from its beginning to its end.</summary>
abstract class ForwardStream : Stream
{
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
