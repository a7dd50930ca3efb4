using System.Text;

namespace Drift.Alerts.Tests.Policies;

public sealed class PolicySourceTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("drift-policy-").FullName;

    string At(string name) => Path.Combine(folder, name);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static string Text(int n) => $$"""{ "rules": { "drift": { "measure": "psi", "above": {{n}}.5 } } }""";

    [Fact]
    public void A_valid_change_counts_at_the_second_look_and_an_invalid_one_never()
    {
        var path = At("policy.json");
        File.WriteAllText(path, Text(1));
        var source = PolicySource.Open(path);
        var first = source.Current;
        var told = new List<PolicyStatus>();
        source.Changed += told.Add;
        File.WriteAllText(path, Text(2));
        Assert.False(source.Look());
        Assert.Same(first, source.Current);
        Assert.True(source.Look());
        Assert.Equal(2.5, source.Current.Rules[0].Above);
        Assert.False(source.Look());

        var good = source.Current;
        File.WriteAllText(path, Text(3)[..20]);
        source.Look();
        source.Look();
        Assert.Same(good, source.Current);
        Assert.Contains("not JSON", source.Status.Error);
        File.Delete(path);
        source.Look();
        source.Look();
        Assert.Contains("policy.json", source.Status.Error);
        File.WriteAllText(path, Text(2));
        source.Look();
        Assert.False(source.Look());
        Assert.True(source.Status.IsCurrent);
        Assert.Equal([true, false, false, true], told.Select(t => t.IsCurrent));
        Assert.Equal((3L, 2L), (source.Status.Loads, source.Status.Failures));
    }

    [Fact]
    public void A_swapped_symbolic_link_is_seen()
    {
        Directory.CreateDirectory(At("a"));
        Directory.CreateDirectory(At("b"));
        File.WriteAllText(At("a/policy.json"), Text(1));
        File.WriteAllText(At("b/policy.json"), Text(2));
        Directory.CreateSymbolicLink(At("now"), At("a"));
        var source = PolicySource.Open(At("now/policy.json"));
        Directory.Delete(At("now"));
        Directory.CreateSymbolicLink(At("now"), At("b"));
        source.Look();
        Assert.True(source.Look());
        Assert.Equal(2.5, source.Current.Rules[0].Above);
    }

    [Fact]
    public void The_first_load_says_everything_that_is_wrong()
    {
        var wrong = Assert.Throws<FormatException>(() => PolicySource.Open(() => """{ "rules": { "a": { "measure": "psj", "abov": 1 } } }"""u8.ToArray()));
        Assert.Contains("did you mean 'psi'?", wrong.Message);
        Assert.Contains("did you mean 'above'?", wrong.Message);
    }

    [Fact]
    public async Task Two_hundred_rewrites_leave_always_one_of_the_policies_that_were_written()
    {
        var path = At("policy.json");
        await File.WriteAllTextAsync(path, Text(0), TestContext.Current.CancellationToken);
        var source = PolicySource.Open(path);
        var written = Enumerable.Range(0, 200).Select(n => PolicyFormat.Read(Encoding.UTF8.GetBytes(Text(n))).Policy!.Hash).ToHashSet();
        var seen = new HashSet<string>();
        using var stop = new CancellationTokenSource();
        // Looks as fast as it can while the file is torn, replaced and spoilt.
        var looking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                source.Look();
                seen.Add(source.Current.Hash);
            }
        }, TestContext.Current.CancellationToken);
        for (var n = 1; n < 200; n++)
        {
            var bytes = Encoding.UTF8.GetBytes(Text(n));
            if (n % 3 == 0)
            {
                await File.WriteAllBytesAsync(At("next"), bytes, TestContext.Current.CancellationToken);
                File.Move(At("next"), path, overwrite: true);
            }
            else
            {
                using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1);
                file.Write(bytes.AsSpan(0, bytes.Length / 2));
                file.Flush(true);
                if (n % 3 == 1) file.Write(bytes.AsSpan(bytes.Length / 2));
            }
        }
        await File.WriteAllTextAsync(path, Text(7), TestContext.Current.CancellationToken);
        var last = PolicyFormat.Read(Encoding.UTF8.GetBytes(Text(7))).Policy!.Hash;
        while (source.Current.Hash != last) await Task.Yield();
        await stop.CancelAsync();
        await looking;
        Assert.Subset(written, seen);
        Assert.True(source.Status.IsCurrent);
    }
}
