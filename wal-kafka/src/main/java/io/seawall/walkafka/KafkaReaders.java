package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.KafkaWalReader.Start;
import io.seawall.walkafka.LiveRule.Position;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens readers, whose cursors run on the caller's thread. */
final class KafkaReaders implements WalReaders {
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

    private final LogCursors cursors;
    private final TopicAdmin topics;
    private final Time time;
    private final Set<KafkaWalReader> open = ConcurrentHashMap.newKeySet();

    KafkaReaders(LogCursors cursors, TopicAdmin topics, Time time) {
        this.cursors = cursors;
        this.topics = topics;
        this.time = time;
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        var checks = new LogChecks(pchannel, topicId(pchannel));
        if (from instanceof StartPosition.AtLsn at) {
            return openAt(pchannel, at.lsn(), view, checks);
        }
        return from instanceof StartPosition.Oldest
                ? openOldest(pchannel, view, checks)
                : openTail(pchannel, view, checks);
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        try (var reader = openTail(pchannel, view, new LogChecks(pchannel, topicId(pchannel)))) {
            return new LogBounds(oldest(pchannel), reader.nextLsn());
        }
    }

    private WalReader openOldest(PChannel pchannel, View view, LogChecks checks) {
        try (var probe = cursors.open(pchannel, Isolation.COMMITTED)) {
            var range = Futures.joined(probe.range());
            var position = range.start() == 0 ? Position.after(Stamp.NONE, 0) : Position.unknown();
            var oldest = oldest(probe, range, giveUp(pchannel));
            return reader(pchannel, view, new Start(range.start(), position, oldest), checks);
        }
    }

    private WalReader openTail(PChannel pchannel, View view, LogChecks checks) {
        return closedOnFailure(readerAtWindow(pchannel, view, Long.MAX_VALUE, checks), reader -> {
            reader.readTo(end(pchannel, view));
            reader.skipToHere();
        });
    }

    private WalReader openAt(PChannel pchannel, long lsn, View view, LogChecks checks) {
        try (var probe = cursors.open(pchannel, Isolation.COMMITTED)) {
            var range = Futures.joined(probe.range());
            var oldest = oldest(probe, range, giveUp(pchannel));
            if (lsn < oldest) {
                throw KafkaWalReader.outside(
                        ErrorCode.TRIMMED,
                        pchannel,
                        lsn,
                        oldest,
                        bounds(pchannel, view).tail());
            }
            var scanner = new LogScanner(probe, giveUp(pchannel));
            var window = Futures.joined(scanner.windowBelow(range, range.end(), Set.of()));
            if (window.committedTail() <= lsn) {
                // From this window, not from a second look: a commit in between would move the start beyond the LSN.
                var beginning = new Start(window.afterBase(), window.position(), lsn);
                return openBehindCommitted(reader(pchannel, view, beginning, checks), lsn, view, oldest);
            }
            var near = Futures.joined(new LsnSearch(scanner, range).atOrBelow(lsn));
            var start = near == null ? range.start() : near.offset();
            var known = near == null && range.start() == 0;
            var position = known ? Position.after(Stamp.NONE, 0) : Position.unknown();
            return reader(pchannel, view, new Start(start, position, lsn), checks);
        }
    }

    /** The LSN is not committed yet: it is acknowledged, or next, or not there. */
    private WalReader openBehindCommitted(KafkaWalReader opened, long lsn, View view, long oldest) {
        return closedOnFailure(opened, reader -> {
            var pchannel = reader.pchannel();
            reader.readTo(end(pchannel, view));
            if (reader.position().next() < lsn) {
                throw KafkaWalReader.outside(
                        ErrorCode.BEYOND_TAIL,
                        pchannel,
                        lsn,
                        oldest,
                        reader.position().next());
            }
        });
    }

    private KafkaWalReader readerAtWindow(PChannel pchannel, View view, long skipBelow, LogChecks checks) {
        try (var probe = cursors.open(pchannel, Isolation.COMMITTED)) {
            var window = Futures.joined(new LogScanner(probe, giveUp(pchannel)).lastWindow(Set.of()));
            return reader(pchannel, view, new Start(window.afterBase(), window.position(), skipBelow), checks);
        }
    }

    private KafkaWalReader reader(PChannel pchannel, View view, Start start, LogChecks checks) {
        var cursor = cursors.open(pchannel, isolation(view));
        var reader = new KafkaWalReader(pchannel, view, cursor, start, checks);
        open.add(reader);
        return reader;
    }

    private static WalReader closedOnFailure(KafkaWalReader reader, Consumer<KafkaWalReader> preparation) {
        try {
            preparation.accept(reader);
            return reader;
        } catch (RuntimeException error) {
            reader.close();
            throw error;
        }
    }

    private long end(PChannel pchannel, View view) {
        try (var probe = cursors.open(pchannel, isolation(view))) {
            return Futures.joined(probe.range()).end();
        }
    }

    private long oldest(PChannel pchannel) {
        try (var probe = cursors.open(pchannel, Isolation.COMMITTED)) {
            return oldest(probe, Futures.joined(probe.range()), giveUp(pchannel));
        }
    }

    private static long oldest(LogCursor probe, LogCursor.Range range, Supplier<@Nullable RuntimeException> giveUp) {
        if (range.start() == 0) {
            return 0;
        }
        return Futures.joined(new LogStart(probe, giveUp).oldest(range.start(), range.end()));
    }

    private String topicId(PChannel pchannel) {
        var facts = Futures.joined(topics.describe(pchannel.topic()));
        if (pchannel.partition() >= facts.partitions()) {
            throw Problem.of(ErrorCode.NOT_FOUND, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("a topic with " + facts.partitions() + " pchannels")
                    .expected("a number below that")
                    .exception();
        }
        return facts.id();
    }

    private Supplier<@Nullable RuntimeException> giveUp(PChannel pchannel) {
        var deadline = time.deadline(LONGEST_LOOK);
        return () -> deadline.isPast()
                ? Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                        .pchannel(pchannel)
                        .found("no answer from Kafka within " + LONGEST_LOOK)
                        .exception()
                : null;
    }

    private static Isolation isolation(View view) {
        return view == View.LIVE ? Isolation.UNCOMMITTED : Isolation.COMMITTED;
    }

    @Override
    public void close() {
        new ArrayList<>(open).forEach(KafkaWalReader::close);
    }

    /** Looks at the log again on behalf of a reader that met something odd. */
    private final class LogChecks implements KafkaWalReader.Checks {
        private final PChannel pchannel;
        private final String topicId;

        LogChecks(PChannel pchannel, String topicId) {
            this.pchannel = pchannel;
            this.topicId = topicId;
        }

        @Override
        public Time time() {
            return time;
        }

        @Override
        public void closed(KafkaWalReader reader) {
            open.remove(reader);
        }

        @Override
        public boolean isCommitted(long offset) {
            try (var probe = cursors.open(pchannel, Isolation.COMMITTED)) {
                var range = Futures.joined(probe.range());
                if (range.end() <= offset) {
                    return false;
                }
                var found = new ArrayList<LogEntry>();
                Futures.joined(new LogScanner(probe, giveUp(pchannel)).walk(offset, offset + 1, found::add));
                return !found.isEmpty();
            }
        }

        @Override
        public void sameTopic() {
            var now = topicId(pchannel);
            if (!now.equals(topicId)) {
                throw Problem.of(ErrorCode.NOT_FOUND, "read " + pchannel)
                        .pchannel(pchannel)
                        .found("a topic that was created again (id " + now + ")")
                        .expected("the one that was opened (id " + topicId + ")")
                        .fix("open a new reader")
                        .exception();
            }
        }

        @Override
        public RuntimeException gone(OffsetGoneException gone, long nextLsn) {
            sameTopic();
            var bounds = bounds(pchannel, View.COMMITTED);
            if (nextLsn < bounds.oldest()) {
                return KafkaWalReader.outside(ErrorCode.TRIMMED, pchannel, nextLsn, bounds.oldest(), bounds.tail());
            }
            return Problem.of(ErrorCode.DATA_LOSS, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("no offset " + gone.offset() + " any more, where LSN " + nextLsn + " was next")
                    .expected("a partition that does not lose its end")
                    .exception();
        }
    }
}
