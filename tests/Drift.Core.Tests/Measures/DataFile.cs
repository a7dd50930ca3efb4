using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using Drift.Tests;

namespace Drift.Core.Tests.Measures;

/// <summary>Reads the named columns of a shared gzipped CSV without quotes; a column is numeric when all its fields are.</summary>
static class DataFile
{
    static readonly ConcurrentDictionary<string, Table> read = new();

    public static Table Read(string file, params string[] names) => read.GetOrAdd($"{file}:{string.Join(',', names)}", _ => Load(file, names));

    static Table Load(string file, string[] names)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(TestData.Path($"datasets/{file}.csv.gz")), CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        var at = Array.ConvertAll(names, name => Array.IndexOf(header, name));
        var fields = Array.ConvertAll(names, _ => new List<string>());
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(',');
            for (var i = 0; i < names.Length; i++) fields[i].Add(parts[at[i]]);
        }
        return new(names.Select((name, i) => Make(name, fields[i])));
    }

    static Column Make(string name, List<string> fields)
    {
        var numbers = new double[fields.Count];
        for (var i = 0; i < numbers.Length; i++)
            if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return CategoricalColumn.Of(ColumnSpec.Categorical(name), fields);
        return new NumericColumn(ColumnSpec.Numeric(name), numbers);
    }
}
