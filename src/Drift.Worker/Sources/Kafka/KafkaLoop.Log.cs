using Drift.Worker.Stores;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Sources.Kafka;

sealed partial class KafkaLoop
{
    [LoggerMessage(1, LogLevel.Information, "claimed {Partition}, read up to {Position}")]
    partial void LogClaimed(SourcePartition partition, long? position);

    [LoggerMessage(2, LogLevel.Information, "gave up {Partition}")]
    partial void LogGone(SourcePartition partition);

    [LoggerMessage(3, LogLevel.Warning, "the store does not answer: {Why}")]
    partial void LogStore(string why);

    [LoggerMessage(4, LogLevel.Debug, "kafka {Facility}: {Text}")]
    partial void LogKafka(string facility, string text);

    [LoggerMessage(6, LogLevel.Warning, "the broker does not answer: {Why}")]
    partial void LogAway(string why);

    [LoggerMessage(5, LogLevel.Error, "{Why}")]
    partial void LogBroken(string why);
}
