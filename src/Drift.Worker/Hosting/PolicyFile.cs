using Drift.Alerts;

namespace Drift.Worker.Hosting;

/// <summary>The policy that the configuration names, checked as a whole.</summary>
static class PolicyFile
{
    public static Policy Load(string? path)
    {
        if (path is null) return Policy.Default;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Drift.Policy: cannot read {path}: {e.Message}", e);
        }
        var check = PolicyFormat.Read(bytes);
        return check.Policy ?? throw new InputException(path, check.Errors.Select(e => e.ToString()));
    }
}
