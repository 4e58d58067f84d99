package io.seawall.clustersim;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The brokers' side of the meta topic, a model: one partition with plain records and with transactions of one transactional id,
 * which a later epoch fences. Readers see what is below the last stable offset and was not aborted. Compaction drops records
 * that a later one replaces.
 */
final class MetaLog {
    private static final long TRANSACTION_TIMEOUT_MS = 15_000;

    private final World world;
    private final List<Entry> whole = new ArrayList<>();
    private final Map<Long, Outcome> outcomes = new HashMap<>();
    private List<Entry> compacted = new ArrayList<>();
    private long end;
    private int epoch;
    private long transactions;
    private @Nullable Open open;
    private final List<Runnable> waitForEnd = new ArrayList<>();

    /** What became of a transaction. */
    private enum Outcome {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** The transaction that is not final, of which there is at most one. */
    private static final class Open {
        private final long number;
        private final long first;
        private final Changes changes;
        private boolean decided;

        Open(long number, long first, Changes changes) {
            this.number = number;
            this.first = first;
            this.changes = changes;
        }
    }

    /**
     * One record.
     *
     * @param transaction its transaction, 0 for none
     */
    record Entry(long offset, String key, @Nullable String value, long transaction) {
        Optional<News> news() {
            return MetaCodec.read(key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        }
    }

    MetaLog(World world) {
        this.world = world;
    }

    /** Takes the transactional id: earlier epochs are fenced. The answer waits until their transaction is final. */
    void init(IntConsumer answer) {
        epoch++;
        var mine = epoch;
        var unfinished = open;
        if (unfinished == null) {
            answer.accept(mine);
            return;
        }
        waitForEnd.add(() -> answer.accept(mine));
        if (!unfinished.decided) {
            finish(unfinished, Outcome.ABORTED);
        }
    }

    /** Returns whether a request of an epoch is accepted. */
    boolean accepts(int writer) {
        return writer == epoch;
    }

    /** Appends the records of a new transaction; returns whether that was accepted. */
    boolean begin(int writer, Changes changes) {
        if (!accepts(writer) || open != null) {
            world.count("fenced writes");
            return false;
        }
        transactions++;
        var mine = new Open(transactions, end, changes);
        open = mine;
        outcomes.put(mine.number, Outcome.OPEN);
        for (MetaKey key : changes.removed()) {
            append(key.toString(), null, mine.number);
        }
        for (MetaRecord record : changes.written()) {
            append(record.key().toString(), new String(MetaCodec.write(record), UTF_8), mine.number);
        }
        world.after(TRANSACTION_TIMEOUT_MS, () -> {
            if (mine.equals(open) && !mine.decided) {
                world.count("meta transactions timed out");
                epoch++;
                finish(mine, Outcome.ABORTED);
            }
        });
        return true;
    }

    /** Commits the open transaction; returns whether that was accepted. The marker comes a little later. */
    boolean commit(int writer) {
        var mine = open;
        if (!accepts(writer) || mine == null || mine.decided) {
            world.count("fenced writes");
            return false;
        }
        finish(mine, Outcome.COMMITTED);
        return true;
    }

    private void finish(Open mine, Outcome outcome) {
        mine.decided = true;
        world.after(world.markerMs(), () -> {
            open = null;
            outcomes.put(mine.number, outcome);
            if (outcome == Outcome.COMMITTED) {
                world.judge().onCommit(mine.changes);
            } else {
                world.count("meta transactions aborted");
            }
            var waiting = List.copyOf(waitForEnd);
            waitForEnd.clear();
            waiting.forEach(Runnable::run);
            world.metaGrew();
        });
    }

    /** Appends a plain record. */
    void append(MetaRecord record) {
        append(record.key().toString(), new String(MetaCodec.write(record), UTF_8), 0);
        world.judge().onPlain(record);
        world.metaGrew();
    }

    private void append(String key, @Nullable String value, long transaction) {
        var entry = new Entry(end, key, value, transaction);
        whole.add(entry);
        compacted.add(entry);
        end++;
    }

    /** Returns the offset below which every transaction is final. */
    long stable() {
        var unfinished = open;
        if (unfinished == null) {
            return end;
        }
        return unfinished.first;
    }

    /** Returns the next committed records from an offset on, as far as compaction left them. */
    List<Entry> committedFrom(long offset, long below) {
        var first = compacted.size();
        while (first > 0 && compacted.get(first - 1).offset() >= offset) {
            first--;
        }
        return compacted.subList(first, compacted.size()).stream()
                .filter(entry -> entry.offset() < below && isCommitted(entry))
                .toList();
    }

    private boolean isCommitted(Entry entry) {
        return entry.transaction() == 0 || outcomes.get(entry.transaction()) == Outcome.COMMITTED;
    }

    /** Drops committed records of which a later committed one has the same key, and all aborted ones, below an offset. */
    void compact(long below) {
        var clean = Math.min(below, stable());
        var last = new HashMap<String, Long>();
        compacted.stream()
                .filter(entry -> entry.offset() < clean && isCommitted(entry))
                .forEach(entry -> last.put(entry.key(), entry.offset()));
        compacted = new ArrayList<>(compacted.stream()
                .filter(entry -> entry.offset() >= clean || last.getOrDefault(entry.key(), -1L) == entry.offset())
                .toList());
    }

    MetaState replayWhole() {
        return replay(whole.stream().filter(this::isCommitted));
    }

    MetaState replayCompacted() {
        return replay(compacted.stream().filter(this::isCommitted));
    }

    private MetaState replay(Stream<Entry> entries) {
        var stable = stable();
        return MetaState.EMPTY.after(entries.filter(entry -> entry.offset() < stable)
                .flatMap(entry -> entry.news().stream())
                .toList());
    }
}
