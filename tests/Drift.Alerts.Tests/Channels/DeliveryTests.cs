namespace Drift.Alerts.Tests.Channels;

public class DeliveryTests
{
    static readonly DateTimeOffset start = Make.Origin;

    static Notice Notice(string id, string channel = "a", string group = "g") => new()
    {
        Id = id, Channel = channel, GroupKey = group, Alerts = [new Alert { Key = id, Name = "drift", Model = "fraud", Status = AlertStatus.Firing, Text = id }],
    };

    sealed class Scripted(string name, params Func<ChannelException?>[] script) : IAlertChannel
    {
        int calls;

        public string Name => name;

        public List<string> Taken { get; } = [];

        public List<string> Tried { get; } = [];

        public Task SendAsync(Notice notice, CancellationToken cancellation)
        {
            lock (Tried)
            {
                Tried.Add(notice.Id);
                var call = calls++;
                if (call < script.Length && script[call]() is { } failure) return Task.FromException(failure);
                Taken.Add(notice.Id);
                return Task.CompletedTask;
            }
        }
    }

    sealed class Setup
    {
        public ManualTime Time { get; } = new(start);

        public MemoryAlertStore Store { get; } = new();

        public List<(string Id, DeliveryOutcome Outcome)> Reports { get; } = [];

        public Delivery Over(params IAlertChannel[] channels) => new(Store, name => channels.FirstOrDefault(c => c.Name == name), Time, new DeliveryOptions
        {
            Random = () => 0.999,
            Report = (n, o, _) =>
            {
                lock (Reports) Reports.Add((n.Id, o));
            },
        });

        public async Task<TimeSpan> UntilTried(Delivery delivery, TimeSpan step, TimeSpan most)
        {
            for (var waited = TimeSpan.Zero; waited < most; waited += step)
            {
                Time.Advance(step);
                if (await delivery.RunOnceAsync() > 0) return waited + step;
            }
            return most;
        }
    }

    static ChannelException Fails(ChannelFault fault = ChannelFault.Retry, int? retryAfter = null) =>
        new("a: 500", fault, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null);

    [Fact]
    public async Task A_group_leaves_in_order_and_waits_for_its_first()
    {
        var setup = new Setup();
        var channel = new Scripted("a", () => Fails());
        var delivery = setup.Over(channel);
        setup.Store.Add([Notice("fire"), Notice("resolve"), Notice("other", group: "h")]);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["other"], channel.Taken);
        var pause = await setup.UntilTried(delivery, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Assert.InRange(pause, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4.5));
        Assert.Equal(["other", "fire", "resolve"], channel.Taken);
        Assert.Equal(0, setup.Store.Waiting);
    }

    [Fact]
    public async Task What_the_destination_asks_for_is_obeyed()
    {
        var setup = new Setup();
        var channel = new Scripted("a", () => Fails(retryAfter: 120));
        var delivery = setup.Over(channel);
        setup.Store.Add([Notice("fire")]);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.InRange(await setup.UntilTried(delivery, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(135));
        Assert.Equal(["fire"], channel.Taken);
    }

    [Fact]
    public async Task A_destination_that_is_gone_gets_nothing_more_until_it_is_enabled()
    {
        var setup = new Setup();
        var channel = new Scripted("a", () => Fails(ChannelFault.Gone));
        var delivery = setup.Over(channel);
        setup.Store.Add([Notice("1"), Notice("2")]);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["1"], channel.Tried);
        Assert.Equal(["1", "2"], setup.Store.Dead.Select(d => d.Notice.Id));
        Assert.Contains("a", delivery.Disabled.Keys);
        delivery.Enable("a");
        setup.Store.Add([Notice("3")]);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["3"], channel.Taken);
    }

    [Fact]
    public async Task After_the_last_retry_a_notice_is_dead_and_the_next_leaves()
    {
        var setup = new Setup();
        var failures = new RetrySchedule().Pauses.Count + 1;
        var channel = new Scripted("a", [.. Enumerable.Repeat<Func<ChannelException?>>(() => Fails(), failures)]);
        var delivery = setup.Over(channel);
        setup.Store.Add([Notice("1"), Notice("2")]);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        var spent = TimeSpan.Zero;
        while (setup.Store.Waiting > 0 && spent < TimeSpan.FromDays(9)) spent += await setup.UntilTried(delivery, TimeSpan.FromMinutes(10), TimeSpan.FromDays(9));
        Assert.Equal(["2"], channel.Taken);
        Assert.Equal("1", setup.Store.Dead.Single().Notice.Id);
        Assert.Equal(failures, channel.Tried.Count(id => id == "1"));
        Assert.InRange(spent, TimeSpan.FromDays(2.5), TimeSpan.FromDays(4));
        Assert.Equal(DeliveryOutcome.Dead, setup.Reports[^2].Outcome);
    }

    [Fact]
    public async Task A_channel_that_hangs_holds_back_no_other()
    {
        await using var hangs = new Receiver((_, _) => new Answer(0, Hang: true));
        await using var works = new Receiver();
        var policy = Make.Policy($$"""
            { "rules": {}, "channels": { "slow": { "kind": "webhook", "url": "{{hangs.Url}}", "timeout": "00:00:30" }, "fast": { "kind": "webhook", "url": "{{works.Url}}" } } }
            """);
        using var http = new ChannelHttp();
        var channels = ChannelFactory.Create(policy, new ChannelServices { Http = http });
        var store = new MemoryAlertStore();
        var arrived = new TaskCompletionSource();
        var delivery = new Delivery(store, channels.GetValueOrDefault, options: new DeliveryOptions
        {
            Report = (n, o, _) =>
            {
                if (n.Id == "f2" && o == DeliveryOutcome.Delivered) arrived.TrySetResult();
            },
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = delivery.RunAsync(stop.Token);
        store.Add([Notice("s1", "slow"), Notice("f1", "fast")]);
        delivery.Wake();
        store.Add([Notice("s2", "slow"), Notice("f2", "fast")]);
        delivery.Wake();
        await arrived.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.Equal(["f1", "f2"], works.Requests.Select(r => r.Headers["webhook-id"]));
        await stop.CancelAsync();
        await running;
        Assert.Equal(2, store.Waiting);
    }

    [Fact]
    public async Task Through_every_misbehaviour_the_id_stays_the_signature_holds_and_the_order_too()
    {
        const string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        Answer[] script = [new(500), new(429, "Retry-After: 30"), new(0, Reset: true), new(302, "Location: http://127.0.0.1:1/"), new(503)];
        await using var receiver = new Receiver((n, _) => n < script.Length ? script[n] : Answer.Ok);
        var policy = Make.Policy($$"""{ "rules": {}, "channels": { "a": { "kind": "webhook", "url": "{{receiver.Url}}", "secret": "${env:S}" } } }""");
        var setup = new Setup();
        using var http = new ChannelHttp();
        var delivery = setup.Over(ChannelFactory.Create(policy.Channels[0], new ChannelServices { Http = http, Secrets = (_, _) => secret, Time = setup.Time })!);
        setup.Store.Add([Notice("fire"), Notice("resolve")]);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        var pauses = new List<double>();
        while (setup.Store.Waiting > 0) pauses.Add((await setup.UntilTried(delivery, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))).TotalSeconds);
        Assert.Equal([.. Enumerable.Repeat("fire", 6), "resolve"], receiver.Requests.Select(r => r.Headers["webhook-id"]));
        foreach (var request in receiver.Requests)
        {
            var timestamp = long.Parse(request.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(WebhookSignature.Verify([secret], request.Headers["webhook-id"], timestamp, request.Body, request.Headers["webhook-signature"]));
        }
        // Every attempt has a time of its own.
        Assert.Equal(6, receiver.Requests.Take(6).Select(r => r.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.InRange(pauses[0], 2, 5);
        Assert.InRange(pauses[1], 30, 40);
        Assert.Empty(setup.Store.Dead);
    }

    [Fact]
    public async Task Killed_between_the_answer_and_the_mark_it_comes_again_with_the_same_id()
    {
        await using var receiver = new Receiver();
        var policy = Make.Policy($$"""{ "rules": {}, "channels": { "a": { "kind": "webhook", "url": "{{receiver.Url}}" } } }""");
        using var http = new ChannelHttp();
        var channels = ChannelFactory.Create(policy, new ChannelServices { Http = http });
        var time = new ManualTime(start);
        var store = new Forgetful();
        store.Inner.Add([Notice("1"), Notice("2")]);
        var delivery = new Delivery(store, channels.GetValueOrDefault, time);
        await Assert.ThrowsAsync<IOException>(() => delivery.RunOnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await delivery.RunOnceAsync(TestContext.Current.CancellationToken));
        time.Advance(new DeliveryOptions().Lease);
        await delivery.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["1", "1", "2"], receiver.Requests.Select(r => r.Headers["webhook-id"]));
    }

    /// <summary>A store whose process dies at the first mark.</summary>
    sealed class Forgetful : IOutbox
    {
        bool died;

        public MemoryAlertStore Inner { get; } = new();

        public ValueTask<IReadOnlyList<string>> ChannelsAsync(CancellationToken cancellation) => Inner.ChannelsAsync(cancellation);

        public ValueTask<IReadOnlyList<OutboxItem>> LeaseAsync(string channel, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation) =>
            Inner.LeaseAsync(channel, now, lease, limit, cancellation);

        public ValueTask DoneAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellation)
        {
            if (died) return Inner.DoneAsync(item, now, cancellation);
            died = true;
            throw new IOException("killed");
        }

        public ValueTask RetryAsync(OutboxItem item, DateTimeOffset notBefore, string error, CancellationToken cancellation) => Inner.RetryAsync(item, notBefore, error, cancellation);

        public ValueTask DeadAsync(OutboxItem item, string error, CancellationToken cancellation) => Inner.DeadAsync(item, error, cancellation);
    }
}
