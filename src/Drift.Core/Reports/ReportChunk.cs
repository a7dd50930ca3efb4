namespace Drift;

/// <summary>A part of the current side's rows that was measured on its own: a period, or so many rows in their order.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Readings">Its own readings.</param>
public sealed record ReportChunk(string Name, long Rows, IReadOnlyList<Reading> Readings);
