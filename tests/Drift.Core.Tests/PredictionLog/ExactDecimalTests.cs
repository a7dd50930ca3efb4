using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Drift.Core.Tests.PredictionLog;

/// <summary>Every number must be the BCL's, to the last bit.</summary>
public sealed unsafe class ExactDecimalTests
{
    static readonly string[] corners =
    [
        "0", "-0", "0.0", "1", "-1", "123456789", "9007199254740992", "9007199254740993", "9007199254740995", "18446744073709551615", "18446744073709551616", "99999999999999999999",
        "0.1", "0.30000000000000004", "1e22", "1e23", "1e-22", "1e-23", "1.7976931348623157e308", "1.7976931348623159e308", "1e400", "2.2250738585072014e-308", "4.9e-324", "1e-400",
        "7.2057594037927933e16", "72057594037927929.5", "8.5e65", "8.5e66", "1e-65", "1e-66", "9999999999999999999e-19", "0.000000000000000000012345678901234567", "1.00000000000000011102230246251565404",
        "0e5", "0.0e-400", "123456789012345678e10", "6.02214076E+23", "100000000.00000001", "12345678.12345678", "5e-1",
    ];

    [Fact]
    public void Corners_are_the_bcl_s()
    {
        foreach (var text in corners) Same(text);
    }

    [Fact]
    public void Random_numbers_are_the_bcl_s()
    {
        var random = new Random(3);
        for (var i = 0; i < 300_000; i++)
        {
            var value = i % 3 switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                1 => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 31)),
                _ => Math.ScaleB(random.NextInt64(1L << 53) + 0.5, random.Next(-40, 20)),
            };
            if (!double.IsFinite(value)) continue;
            Same(value.ToString(i % 5 == 0 ? "E" + random.Next(0, 24).ToString(CultureInfo.InvariantCulture) : "R", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Exactly between two doubles, and one digit to either side.</summary>
    [Fact]
    public void Halves_are_rounded_to_even()
    {
        var random = new Random(4);
        for (var i = 0; i < 50_000; i++)
        {
            var odd = (1L << 53) + random.NextInt64(1L << 53) | 1; // 54 bits: between two doubles
            var power = random.Next(0, 5);
            foreach (var near in (long[])[odd - 1, odd, odd + 1])
            {
                Same(near.ToString(CultureInfo.InvariantCulture));
                Same($"{near.ToString(CultureInfo.InvariantCulture)}e{power}");
                Same($"{near.ToString(CultureInfo.InvariantCulture)}e-{power}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("01")]
    [InlineData("-00.5")]
    [InlineData("1.")]
    [InlineData("1.e3")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("\"1\"")]
    public void What_is_no_number_is_refused(string text) => Assert.Equal((false, 0), (Read(text, out _, out var used), used));

    [Fact]
    public void It_ends_where_the_number_ends()
    {
        Assert.True(Read("1.5,2", out var first, out var used));
        Assert.Equal((1.5, 3), (first, used));
    }

    static void Same(string text)
    {
        if (text.Length < 8) Same(text, "}");
        Same(text, "}, and so on");
    }

    static void Same(string text, string then)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(Utf8Parser.TryParse(bytes, out double wanted, out var length) && length == bytes.Length, text);
        Assert.True(Read(text, out var got, out var used, then), text);
        if (used != bytes.Length || BitConverter.DoubleToInt64Bits(wanted) != BitConverter.DoubleToInt64Bits(got)) Assert.Fail($"{text}: {got:R} instead of {wanted:R}, {used} of {bytes.Length} bytes");
    }

    static bool Read(string text, out double value, out int used, string then = "}")
    {
        var bytes = Encoding.UTF8.GetBytes(text + then);
        fixed (byte* start = bytes)
        {
            var at = start;
            var read = ExactDecimal.TryRead(ref at, start + bytes.Length, out value);
            used = (int)(at - start);
            return read;
        }
    }
}
