using Drift.Alerts;

namespace Drift.Worker.Web;

/// <summary>What the HTTP interface can change. The actor is the name of the key that asked.</summary>
public interface IOperations
{
    /// <summary>Takes an alert on; false: there is none of that key.</summary>
    Task<bool> AcknowledgeAsync(string actor, string key, Acknowledgement acknowledgement, CancellationToken cancel);

    /// <summary>Keeps a silence and returns it with its id; null: there are too many.</summary>
    Task<Silence?> SilenceAsync(string actor, Silence silence, CancellationToken cancel);

    /// <summary>Takes a silence back; false: there is none of that id.</summary>
    Task<bool> UnsilenceAsync(string actor, string id, CancellationToken cancel);
}

/// <summary>A request that a key made, or tried to.</summary>
/// <param name="Actor">The key's name; <c>unknown</c> for none or a wrong one.</param>
/// <param name="Method">GET, POST, ..</param>
/// <param name="Route">The route's pattern, without what was asked of it.</param>
/// <param name="Status">The answer's status.</param>
public readonly record struct Access(string Actor, string Method, string Route, int Status);
