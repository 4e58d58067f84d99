/**
 * A process as a member of the cluster: feeds {@link io.seawall.coordinator.Coordinator} with what happens, carries out its
 * actions, and shows the rest of the node what the cluster's state is. Kafka is behind the ports {@link
 * io.seawall.coordinator.member.MetaTopic} and {@link io.seawall.coordinator.member.Group}.
 */
@NullMarked
package io.seawall.coordinator.member;

import org.jspecify.annotations.NullMarked;
