package io.seawall.walkafka.admin;

import io.seawall.wal.PChannel;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A topic that exists.
 *
 * @param name the name without prefix
 * @param pchannels the number of pchannels
 * @param replicationFactor the number of replicas
 * @param compression as in {@link TopicSpec}
 */
public record Topic(String name, int pchannels, int replicationFactor, String compression) {
    /** Returns the pchannels, in order. */
    public Stream<PChannel> eachPChannel() {
        return IntStream.range(0, pchannels).mapToObj(partition -> new PChannel(name, partition));
    }
}
