namespace Drift;

/// <summary>The measures of two whole sides, which belong to no column and are computed only when they are named.</summary>
static class WholeWindow
{
    const string RowsName = "rows";

    /// <summary>Their names.</summary>
    public static readonly string[] Names = [RowsName, DuplicateRows.Name, DomainClassifier.Name, Projection.Name];

    /// <summary>The readings of vectors, and of those that the options name and that are no member of a family of tests, in the order of <see cref="Names"/>.</summary>
    public static IEnumerable<Reading> Read(Comparison.Side reference, Comparison.Side current, CompareOptions options) =>
        options.Vectors.SelectMany(vector => Embeddings.Read(vector, reference.Rows, current.Rows, options)).Concat(Names.Where(name => options.Measures?.Contains(name) == true && name != DuplicateRows.Name).Select(name => name switch
        {
            RowsName => Rows(reference.Profile, current.Profile, options),
            DomainClassifier.Name => DomainClassifier.Read(reference.Rows, current.Rows, options),
            _ => Projection.Read(reference, current.Rows, options),
        }));

    static Reading Rows(Profile reference, Profile current, CompareOptions options) => new()
    {
        Measure = RowsName,
        Segment = options.Segment,
        Kind = ReadingKind.Quality,
        Value = current.Rows,
        ReferenceValue = reference.Rows,
        Rows = current.Rows,
    };
}
