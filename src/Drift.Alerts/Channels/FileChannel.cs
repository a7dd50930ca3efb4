namespace Drift.Alerts;

/// <summary>Appends each notice as one line of JSON.</summary>
public sealed class FileChannel : IAlertChannel, IDisposable
{
    readonly string path;
    readonly SemaphoreSlim gate = new(1);

    /// <summary>Appends to the file at the path, which is created when it is absent.</summary>
    public FileChannel(string name, string path)
    {
        Name = name;
        this.path = path;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        byte[] line = [.. AlertFormat.Write(notice), (byte)'\n'];
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            await file.WriteAsync(line, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChannelException($"{Name}: {e.Message}", inner: e);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
