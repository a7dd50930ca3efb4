using System.Text;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Tests.Sources.Files;

/// <summary>CSV from its bytes against CSV by all the rules: what the quick way takes must be what the other reads.</summary>
public sealed class CsvAgreementTests
{
    static readonly string[] cells =
    [
        "1", "-2.5", "0.30000000000000004", "1e5", "007", " 8", "9 ", "+3", "1.", ".5", "-", "inf", "NaN", "", "true", "False", "DE", "a b", "größe", "\"x\"", "\"a,b\"", "\"two\nlines\"", "\"\"", "2026-11-20",
        "2026-11-20T20:07:00Z", "12345678901234567890123", "-0", "34.0", "x\"y", "\"a\"\"b\"", "\u0001", "1,5",
    ];

    [Fact]
    public void Random_files_agree()
    {
        var random = new Random(20261121);
        var (quick, compared) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = Text(random, i % 10 == 0 ? 5000 : 40, i % 3 == 0 ? cells.Length : 24);
            if (random.Next(10) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var names = new CsvRows("f.csv", new MemoryStream(bytes)).Names;
            compared++;
            if (CsvFile.TryRead(() => new MemoryStream(bytes), i % 2 == 0 ? null : 3, names, Column, null) is not { } ours) continue;
            quick++;
            using var rows = new CsvRows("f.csv", new MemoryStream(bytes));
            Assert.Equal(Describe(CsvFile.Read(rows, Column, null)), Describe(ours));
        }
        Assert.InRange(quick, compared / 4, compared - 1);
    }

    static ColumnReader Column(string name) => new(name, name switch { "n" => CellMode.Number, "c" => CellMode.Category, "t" => CellMode.Time, "i" => CellMode.Count, _ => CellMode.Undecided });

    /// <summary>Lines of plain cells, of all cells, short ones, empty ones, and ends of lines of both kinds.</summary>
    static byte[] Text(Random random, int lines, int kinds)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "").Append("n,c,t,i,u,v\n");
        var end = random.Next(3) == 0 ? "\r\n" : "\n";
        for (var line = random.Next(lines); line >= 0; line--)
        {
            var width = random.Next(12) == 0 ? random.Next(7) : 6;
            for (var field = 0; field < width; field++) text.Append(field > 0 ? "," : "").Append(field == 5 ? $"{line * 0.5}" : cells[random.Next(kinds)]);
            if (line > 0 || random.Next(2) == 0) text.Append(end);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string Describe(List<ColumnReader> columns)
    {
        var text = new StringBuilder();
        foreach (var column in columns)
        {
            column.Finish();
            var (codes, names) = column.DrainCategories(asBool: false);
            text.AppendLine($"{column.Name} {column.Mode} {column.Rows} {column.Counts} {column.Mismatched} {column.FirstMismatch} {column.Distinct} {column.AscendingIntegers}")
                .AppendLine(string.Join(' ', column.DrainNumbers().Select(BitConverter.DoubleToInt64Bits))).AppendLine(Convert.ToHexString(column.DrainValidity()))
                .AppendLine(string.Join(' ', column.DrainTimes())).AppendLine(string.Join(' ', codes)).AppendLine(string.Join('|', names));
        }
        return text.ToString();
    }
}
