package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A meta topic whose answers a test holds back, loses or turns into errors. */
final class FakeTopic implements MetaTopic {
    /** What becomes of a call. */
    enum Fate {
        /** It is done and answered. */
        DONE,
        /** It fails, and nothing is written. */
        FAILS,
        /** It is done, and never answered. */
        ANSWER_LOST,
        /** It is neither done nor answered. */
        HANGS
    }

    private final List<News> log = new ArrayList<>();
    private final List<MetaRecord> announced = new ArrayList<>();
    private final List<Changes> written = new ArrayList<>();
    private final List<String> nonces = new ArrayList<>();
    private @Nullable Reader reader;
    private int delivered;
    private Fate takeId = Fate.DONE;
    private Fate write = Fate.DONE;
    private Fate announce = Fate.DONE;
    private boolean closed;
    private int open;
    private int mostOpen;
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;

    static WalException error() {
        return Problem.of(ErrorCode.UNAVAILABLE, "write").found("a fault").exception();
    }

    void takeId(Fate fate) {
        takeId = fate;
    }

    void write(Fate fate) {
        write = fate;
    }

    void announce(Fate fate) {
        announce = fate;
    }

    /** Holds back the answers to announcements until {@link #answer}. */
    void holdAnswers() {
        holding = true;
    }

    void answer() {
        holding = false;
        var answers = List.copyOf(held);
        held.clear();
        answers.forEach(Runnable::run);
    }

    /** Returns what the process announced, also what was not written. */
    List<MetaRecord> announced() {
        return announced;
    }

    <R extends MetaRecord> List<R> announced(Class<R> type) {
        return announced.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns what the process tried to write as coordinator. */
    List<Changes> written() {
        return written;
    }

    List<String> nonces() {
        return nonces;
    }

    int mostOpen() {
        return mostOpen;
    }

    boolean isClosed() {
        return closed;
    }

    /** Another process writes. */
    void append(MetaRecord... records) {
        for (var record : records) {
            log.add(new News.Written(record));
        }
    }

    void append(News news) {
        log.add(news);
    }

    /** Hands over what was written since the last time; returns whether there was anything. */
    boolean deliver() {
        if (reader == null || delivered == log.size()) {
            return false;
        }
        var news = List.copyOf(log.subList(delivered, log.size()));
        delivered = log.size();
        reader.onNews(news, true);
        return true;
    }

    /** Hands over that the end is reached, although there may be no record. */
    void deliverCurrent(boolean current) {
        var news = List.copyOf(log.subList(delivered, log.size()));
        delivered = log.size();
        if (reader != null) {
            reader.onNews(news, current);
        }
    }

    @Override
    public void follow(Reader next) {
        reader = next;
    }

    @Override
    public CompletableFuture<Void> takeId(String nonce) {
        nonces.add(nonce);
        return answer(takeId);
    }

    @Override
    public CompletableFuture<Void> write(String nonce, Changes changes) {
        written.add(changes);
        if (write == Fate.DONE || write == Fate.ANSWER_LOST) {
            changes.removed().forEach(key -> log.add(new News.Removed(key)));
            changes.written().forEach(this::append);
        }
        return answer(write);
    }

    @Override
    public CompletableFuture<Void> announce(MetaRecord record) {
        announced.add(record);
        open++;
        mostOpen = Math.max(mostOpen, open);
        if (announce == Fate.DONE || announce == Fate.ANSWER_LOST) {
            append(record);
        }
        var answer = new CompletableFuture<Void>();
        var fate = announce;
        Runnable give = () -> {
            open--;
            if (fate == Fate.DONE) {
                answer.complete(null);
            } else if (fate == Fate.FAILS) {
                answer.completeExceptionally(error());
            }
        };
        if (holding) {
            held.add(give);
        } else {
            give.run();
        }
        return answer;
    }

    private static CompletableFuture<Void> answer(Fate fate) {
        return switch (fate) {
            case DONE -> CompletableFuture.completedFuture(null);
            case FAILS -> CompletableFuture.failedFuture(error());
            case ANSWER_LOST, HANGS -> new CompletableFuture<>();
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
