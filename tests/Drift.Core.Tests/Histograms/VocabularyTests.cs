using System.Text;

namespace Drift.Core.Tests.Histograms;

public sealed class VocabularyTests
{
    /// <summary>Published test values of XxHash64 with seed 0.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Hashes_as_published(string text, ulong hash) => Assert.Equal(hash, XxHash64.Hash(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Listed_other_and_unseen_are_told_apart()
    {
        var values = Enumerable.Range(0, 1000).Select(i => (string?)(i < 900 ? $"big{i % 3}" : $"small{i}")).Append(null);
        var profile = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Categorical("c")), maxCategories: 3).Add("c", values).ToProfile();
        var counts = profile.Columns[0].Categories!;
        Assert.Equal(["big0", "big1", "big2"], counts.Categories);
        Assert.Equal((100, 0, 1, 100, 103), (counts.Other, counts.Unseen, counts.Null, counts.Vocabulary.Singletons, counts.Vocabulary.Distinct));

        var window = ProfileBuilder.ForWindow(profile).Add("c", ["big1", "small950", "new", null, "größer"]).ToProfile().Columns[0].Categories!;
        Assert.Equal([0L, 1L, 0L], window.Counts.ToArray());
        Assert.Equal((1, 2, 1, 5), (window.Other, window.Unseen, window.Null, window.Rows));
    }

    [Fact]
    public void Text_and_bytes_find_the_same()
    {
        string[] categories = ["", "a", "ß", "漢字", new string('x', 1000), "\0"];
        var vocabulary = new Vocabulary(categories, [], 0);
        for (var i = 0; i < categories.Length; i++) Assert.Equal((i, i), (vocabulary.Find(categories[i]), vocabulary.Find(Encoding.UTF8.GetBytes(categories[i]))));
        Assert.Equal(Vocabulary.Unseen, vocabulary.Find("b"));
        Assert.Throws<ArgumentException>(() => new Vocabulary(["a", "a"], [], 0));
        Assert.Throws<ArgumentException>(() => new Vocabulary([], [2, 1], 0));
    }
}
