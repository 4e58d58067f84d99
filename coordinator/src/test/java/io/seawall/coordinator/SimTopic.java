package io.seawall.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The meta topic in bytes: fenced transactions of coordinators, plain records of nodes, compaction. */
final class SimTopic {
    /** One record. */
    record Entry(long offset, String key, @Nullable String value) {
        Optional<News> news() {
            return MetaCodec.read(key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        }
    }

    private final List<Entry> whole = new ArrayList<>();
    private List<Entry> compacted = new ArrayList<>();
    private long end;
    private int epoch;

    /** Initializes the coordinators' transactional id: earlier epochs cannot write any more. */
    int takeId() {
        epoch++;
        return epoch;
    }

    /** Returns whether a transaction of this epoch would be accepted. */
    boolean accepts(int writer) {
        return writer == epoch;
    }

    void write(Changes changes) {
        changes.removed().forEach(key -> append(key.toString(), null));
        changes.written().forEach(this::append);
    }

    void append(MetaRecord record) {
        append(record.key().toString(), new String(MetaCodec.write(record), UTF_8));
    }

    void append(String key, @Nullable String value) {
        var entry = new Entry(end, key, value);
        whole.add(entry);
        compacted.add(entry);
        end++;
    }

    long end() {
        return end;
    }

    /** Returns the records from an offset on, as far as compaction left them. */
    List<Entry> from(long offset, long to) {
        var first = compacted.size();
        while (first > 0 && compacted.get(first - 1).offset() >= offset) {
            first--;
        }
        return compacted.subList(first, compacted.size()).stream()
                .filter(entry -> entry.offset() < to)
                .toList();
    }

    /**
     * Drops records of which a later one has the same key.
     *
     * @param clean the end of the part that is compacted
     * @param tombstones the end of the part in which keys that are gone are dropped as well
     */
    void compact(long clean, long tombstones) {
        var last = new HashMap<String, Long>();
        compacted.stream()
                .filter(entry -> entry.offset() < clean)
                .forEach(entry -> last.put(entry.key(), entry.offset()));
        var left = new ArrayList<Entry>();
        for (var entry : compacted) {
            var superseded = entry.offset() < clean && last.getOrDefault(entry.key(), -1L) != entry.offset();
            var gone = entry.value() == null && entry.offset() < tombstones;
            if (!superseded && !gone) {
                left.add(entry);
            }
        }
        compacted = left;
    }

    MetaState replayWhole() {
        return replay(whole);
    }

    MetaState replayCompacted() {
        return replay(compacted);
    }

    private static MetaState replay(List<Entry> entries) {
        return MetaState.EMPTY.after(
                entries.stream().flatMap(entry -> entry.news().stream()).toList());
    }
}
