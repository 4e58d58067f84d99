package io.seawall.walkafka.internal.scan;

import io.seawall.wal.PChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** The indexes of the logs that were used last, shared by all searches of the process. Thread-safe. */
public final class LsnIndexes {
    private static final int MOST_LOGS = 1_000;

    private final Map<PChannel, OfTopic> indexes = new LinkedHashMap<>(16, 0.75f, true) { // guarded by this
                @Override
                protected boolean removeEldestEntry(Map.Entry<PChannel, OfTopic> eldest) {
                    return size() > MOST_LOGS;
                }
            };

    private record OfTopic(String topicId, LsnIndex index) {}

    /** Returns whether a search found the log's oldest LSN while the log started at this offset or a later one. */
    public synchronized boolean knowsStart(PChannel pchannel, long offset) {
        var found = indexes.get(pchannel);
        return found != null && found.index().knowsStart(offset);
    }

    /** Returns the index of a log. Creates a new one if the topic was created again since. */
    public synchronized LsnIndex of(PChannel pchannel, String topicId) {
        var found = indexes.get(pchannel);
        if (found == null || !found.topicId().equals(topicId)) {
            found = new OfTopic(topicId, new LsnIndex());
            indexes.put(pchannel, found);
        }
        return found.index();
    }
}
