/* Three functions that the Kafka client's consumer calls and that librdkafka before 2.1 lacks. -1 means "leader epoch unknown", which
   only loses the detection of log truncation. For machines whose package source lacks librdkafka.redist; never shipped. */
#include <stdint.h>

int32_t rd_kafka_message_leader_epoch(const void *message) { (void)message; return -1; }
int32_t rd_kafka_topic_partition_get_leader_epoch(const void *partition) { (void)partition; return -1; }
void rd_kafka_topic_partition_set_leader_epoch(void *partition, int32_t epoch) { (void)partition; (void)epoch; }
