/**
 * The Java client of Seawall over gRPC. {@link io.seawall.client.SeawallClient} is where to begin; writers, readers, their
 * options and errors are in {@link io.seawall.client.log}.
 *
 * <p>Threads: a client has two of its own, whatever the number of its writers and readers, besides those of gRPC's connections.
 * One makes all decisions and never runs code of users. The other one completes futures and calls subscribers. No call of a user
 * is made under a lock.
 */
@NullMarked
package io.seawall.client;

import org.jspecify.annotations.NullMarked;
