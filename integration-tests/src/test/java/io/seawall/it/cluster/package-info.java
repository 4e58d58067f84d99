/** Members of a cluster on a real Kafka: elections, decisions and reports, without logs. */
@NullMarked
package io.seawall.it.cluster;

import org.jspecify.annotations.NullMarked;
