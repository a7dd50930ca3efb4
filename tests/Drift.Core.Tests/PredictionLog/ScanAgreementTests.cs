using System.Globalization;
using System.Text;

namespace Drift.Core.Tests.PredictionLog;

/// <summary>The quick way to read a record against the strict one: whatever bytes come, both must say and set the same, to the last bit.</summary>
public sealed class ScanAgreementTests
{
    static readonly long now = new DateTime(2026, 11, 20, 20, 7, 0, DateTimeKind.Utc).Ticks;

    static readonly RecordLayout fraud = new("fraud",
        [
            ColumnSpec.Numeric("amount"), ColumnSpec.Categorical("country"), ColumnSpec.Numeric("age"), ColumnSpec.Numeric("flag") with { Type = ColumnType.Bool }, ColumnSpec.Categorical("größe"),
            ColumnSpec.Numeric("answer", ColumnRole.Prediction), ColumnSpec.Numeric("score_fraud", ColumnRole.Score), ColumnSpec.Numeric("score_ok", ColumnRole.Score),
            ColumnSpec.Numeric("latency_ms", ColumnRole.Service), ColumnSpec.Numeric("error", ColumnRole.Service), ColumnSpec.Numeric("metric_revenue", ColumnRole.Service),
            ColumnSpec.Categorical("channel", ColumnRole.Segment), ColumnSpec.Numeric("label", ColumnRole.Truth),
        ],
        name => name == "country" ? ["True", "DE"] : null);

    static readonly RecordLayout other = new("other", [ColumnSpec.Categorical("amount"), ColumnSpec.Numeric("p", ColumnRole.Score), ColumnSpec.Categorical("error", ColumnRole.Service)]);

    static readonly RecordLayouts layouts = new([fraud, other]);

    /// <summary>What producers write: the documented record, other orders, blanks, lists, texts for numbers, names that no layout knows.</summary>
    static readonly string[] seeds =
    [
        """{"ts":"2026-11-20T20:07:00.123Z","id":"r-1","model":"fraud","version":"3","features":{"amount":12.5,"country":"DE","age":null,"flag":true,"größe":"XL"},"prediction":0.93,"scores":{"fraud":0.93,"ok":0.07},"latency_ms":12.3,"error":null,"segments":{"channel":"web"},"metrics":{"revenue":3.2},"truth":1}""",
        """{"error": "timeout", "features": {"age": 41, "amount": -0.0012345678901234567, "country": true}, "id": 17, "latency_ms": 1e-3, "metrics": {"latency_ms": 9, "revenue": 1E5}, "model": "fraud", "prediction": 7, "ts": 1700000000000, "version": 4}""",
        """{"ts":1700000000123,"model":"other","features":{"amount":"x","more":[1,{"a":2}],"even":"more"},"scores":{"1":0.25},"error":false,"truth":"yes","extra":{"a":null}}""",
        """{"model":"fraud","ts":"2026-11-20T21:07:00\u002B01:00","features":{"amount":"NaN","age":"-Infinity","flag":0,"answer":0.5,"latency_ms":3},"prediction":[{"a":1}],"prediction":null}""",
        "  {\n\t\"ts\" : \"2026-11-20\" ,\r\n \"model\" : \"fraud\" , \"features\" : { } } \n",
        """{"ts":"2026-11-20T20:07:00Z","model":"fraud","features":{"amount":179769313486231570000000000000000000000,"age":0.30000000000000004,"answer":1e400,"label":4.9e-324,"score_ok":9007199254740993}}""",
    ];

    static readonly string[] pieces =
        ["\"", "\\", "{", "}", "[", "]", ":", ",", " ", "null", "true", "-", "0", ".", "e", "E5", "9", "99999999", "\"amount\":", "\"ts\":", "{}", "\u0001", "\u00ff", "\"fraud\"", "\"other\"", ",\"age\":1", "1e", "\u2028", "00", "-0.0", "1.", "\"\":", "\n"];

    /// <summary>Inputs on which the two once said different things, and the corners that look alike.</summary>
    public static TheoryData<string> Corners { get; } =
    [
        .. seeds,
        """{"ts":1,"model":"fraud","features":{"amount":1},}""",
        """{"ts":1,"model":"fraud","features":{"amount":1,}}""",
        """{"ts":1,"model":"fraud","features":{,"amount":1}}""",
        """{"ts":1,"model":"fraud","features":{"amount":01}}""",
        """{"ts":1,"model":"fraud","features":{"amount":-}}""",
        """{"ts":1,"model":"fraud","features":{"amount":1.e5}}""",
        """{"ts":1,"model":"fraud","features":{"amount":1e99999999999}}""",
        """{"ts":1,"model":"fraud","features":{"amount":-1e-99999999999}}""",
        """{"ts":1,"model":"fraud","features":{"amount":0e99999999999}}""",
        """{"ts":1,"model":"fraud","features":{"amount":123456789012345678901234567890.5e-10}}""",
        """{"ts":1,"model":"fraud","features":{"amount":0.000000000000000000000000000000012345678901234567}}""",
        """{"ts":1,"model":"fraud","features":{"amount":1}}x""",
        """{"ts":1,"model":"fraud","features":{"amount":1}}}""",
        """{"ts":1,"model":"fraud","features":{"amount":1}""",
        """{"ts":1,"model":"fraud","features":{"amount":"}""",
        """{"ts":-0,"model":"fraud","features":{"amount":-0}}""",
        """{"ts":1.0,"model":"fraud","features":{}}""",
        """{"ts":1,"ts":2,"model":"fraud","features":{}}""",
        """{"ts":1,"model":"other","model":"fraud","features":{"amount":1}}""",
        """{"features":{"amount":1},"ts":1,"model":"other"}""",
        """{"ts":1,"model":"fraud","prediction":3,"features":{"answer":1}}""",
        """{"ts":1,"model":"fraud","scores":{"ok":3},"features":{"score_ok":1}}""",
        """{"ts":1,"model":"fraud","features":{"answer":1},"prediction":null,"version":true,"id":false}""",
        """{"ts":1,"model":"fraud","features":{"error":1},"error":{}}""",
        """{"ts":1,"model":"fraud","features":null}""",
        """{"ts":1,"model":"fraud","features":{"amount":1},"scores":null,"segments":3,"metrics":"x"}""",
        """{"ts":1,"model":"fraud","version":"a\u0000b","id":"","features":{}}""",
        "{\"ts\":1,\"model\":\"fraud\",\"features\":{\"country\":\"a\u0001\"}}",
        "\uFEFF{\"ts\":1,\"model\":\"fraud\",\"features\":{}}",
        "{}", "", " ", "}", "{\"", "{\"}",
    ];

    [Theory]
    [MemberData(nameof(Corners))]
    public void Corners_agree(string json)
    {
        var pair = new Pair();
        // The second time the names are learned.
        for (var time = 0; time < 3; time++) Assert.Null(pair.Differ(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Two_hundred_thousand_mutated_records_agree() => Campaign(20261120, 200_000);

    [Fact]
    [Trait("Campaign", "fuzz")]
    public void Ten_million_mutated_records_agree()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_FUZZ") == "1", "10 million records: set DRIFT_FUZZ=1");
        Parallel.For(0, 20, part => Campaign(Random.Shared.Next(), 500_000));
    }

    [Fact]
    public void The_quick_way_reads_what_producers_write()
    {
        var reader = new RecordReader(layouts);
        Assert.Equal(RecordOutcome.Ok, reader.Read(Encoding.UTF8.GetBytes(seeds[0]), now));
        Assert.Equal(RecordOutcome.Ok, reader.Read(Encoding.UTF8.GetBytes(seeds[1]), now));
        Assert.Equal(2, reader.Scanned);
    }

    static void Campaign(int seed, int records)
    {
        var random = new Random(seed);
        var pair = new Pair();
        long rows = 0;
        for (var i = 0; i < records; i++)
        {
            var bytes = Mutate(random);
            if (pair.Differ(bytes) is { } difference)
                Assert.Fail($"seed {seed}, record {i}: {difference}\n{Convert.ToHexString(bytes)}\n{Encoding.UTF8.GetString(bytes)}");
            rows += pair.WasRow;
        }
        // The mutations must leave something to compare, on both ways.
        Assert.InRange(rows, records / 10, records);
        Assert.InRange(pair.Quick.Scanned, records / 20, rows);
    }

    static byte[] Mutate(Random random)
    {
        var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
        for (var n = random.Next(4); n > 0 && text.Length > 0; n--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(7))
            {
                case 0: text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)); break;
                case 1: text.Insert(at, pieces[random.Next(pieces.Length)]); break;
                case 2: text[at] = (char)random.Next(1, 128); break;
                case 3: Number(text, random, at); break;
                case 4: text.Length = at; break;
                case 5: text.Insert(at, text.ToString(random.Next(text.Length - at) + at is var from ? from : 0, 1)); break;
                default: text.Replace(pieces[random.Next(pieces.Length)], pieces[random.Next(pieces.Length)], at, Math.Min(20, text.Length - at)); break;
            }
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (random.Next(20) == 0 && bytes.Length > 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    /// <summary>Replaces the number at or after a place by another one, of any size and precision.</summary>
    static void Number(StringBuilder text, Random random, int at)
    {
        while (at < text.Length && !char.IsAsciiDigit(text[at])) at++;
        var end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or 'e' or 'E' or '-' or '+')) end++;
        var value = random.Next(4) switch
        {
            0 => BitConverter.Int64BitsToDouble(random.NextInt64()),
            1 => random.NextDouble() * Math.Pow(10, random.Next(-8, 9)),
            2 => random.Next(-100, 100),
            _ => (double)random.NextInt64(),
        };
        text.Remove(at, end - at).Insert(at, value.ToString(random.Next(3) switch { 0 => "R", 1 => "E25", _ => "0.####" }, CultureInfo.InvariantCulture));
    }

    /// <summary>The two readers side by side.</summary>
    sealed class Pair
    {
        readonly RecordReader strict = new(layouts) { ScanFirst = false };

        public RecordReader Quick { get; } = new(layouts);

        public int WasRow { get; private set; }

        /// <summary>What they do not agree on; null when they do.</summary>
        public string? Differ(byte[] message)
        {
            var (wanted, got) = (strict.Read(message, now), Quick.Read(message, now));
            WasRow = wanted.Status == RecordStatus.Ok ? 1 : 0;
            if (wanted != got) return $"strict says {wanted}, quick says {got}";
            if (strict.Layout != Quick.Layout) return "layout";
            if (wanted.Status != RecordStatus.Ok) return null;
            if (strict.Time != Quick.Time) return $"time {strict.Time} and {Quick.Time}";
            if (strict.Version != Quick.Version) return $"version {strict.Version} and {Quick.Version}";
            if (!strict.Id.SequenceEqual(Quick.Id)) return "id";
            for (var column = 0; column < strict.Layout!.Columns.Count; column++)
                if (!Same(column)) return $"column {column}";
            return null;
        }

        bool Same(int column)
        {
            var (a, b) = (strict.Row, Quick.Row);
            if (a[column] != b[column]) return false;
            if (a[column] != Cell.Value) return true;
            return strict.Layout!.Columns[column].Kind == ColumnKind.Numeric
                ? BitConverter.DoubleToInt64Bits(a.Number(column)) == BitConverter.DoubleToInt64Bits(b.Number(column))
                : a.Text(column).SequenceEqual(b.Text(column));
        }
    }
}
