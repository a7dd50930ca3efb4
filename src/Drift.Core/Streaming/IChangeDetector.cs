namespace Drift;

/// <summary>Watches a stream one value at a time and says where its law changed; made by <see cref="ChangeDetector.Create"/>.</summary>
/// <remarks>
/// After a detection the detector starts anew at the next update (River's rule), so every detection is judged on data after the one before.
/// NaN is passed over: it is no value. Not safe for use by several threads at once.
/// </remarks>
public interface IChangeDetector
{
    /// <summary>Whether the last update detected a change.</summary>
    bool Drift { get; }

    /// <summary>Whether the detector, after the last update, is in its warning zone; never together with <see cref="Drift"/>.</summary>
    bool Warning { get; }

    /// <summary>Takes the next value: any number, or for ddm, eddm, hddm_a and hddm_w an error indicator (1 wrong, 0 right).</summary>
    void Update(double value);
}

/// <summary>What a detector says after an update.</summary>
enum Signal
{
    None,
    Warning,
    Drift,
}

/// <summary>A detector's own part: it never has to start anew.</summary>
interface IDetectorCore
{
    Signal Update(double value);
}
