package io.seawall.clustersim;

import io.seawall.coordinator.member.MetaTopic;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import io.seawall.kafkasim.SimProcess;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One process's clients of the meta topic. As in {@code CoordinatorProducer}, calls with the transactional id follow each other,
 * each attempt has a producer of its own, and a producer that failed is thrown away. Requests may be slow, lost, or arrive long
 * after the caller gave up; answers may be lost.
 */
final class MetaPort implements MetaTopic {
    private static final long CALL_MS = 4_000;
    private static final long ANNOUNCEMENT_MS = 5_000;
    private static final int MOST_RECORDS = 40;
    private static final long RETRY_MS = 250;

    private final World world;
    private final SimProcess process;
    private final Deque<Runnable> calls = new ArrayDeque<>();
    private boolean calling;
    private String nonce = "";
    private int epoch = -1;
    private @Nullable Reader reader;
    private boolean reading;
    private boolean cut;
    private boolean blind;
    private boolean closed;
    private long position;
    private long startEnd = -1;

    MetaPort(World world, SimProcess process) {
        this.world = world;
        this.process = process;
    }

    /** Cuts the process off from the topic, or ends that. */
    void cut(boolean now) {
        cut = now;
    }

    /** Stops only the reading, or ends that: what this process writes still arrives. */
    void blind(boolean now) {
        blind = now;
    }

    private boolean isCut() {
        return cut || process.isCutOff();
    }

    /** Returns whether all that was committed before the reading began was handed over. */
    boolean hasReadWhatWasThere() {
        return startEnd >= 0 && position >= startEnd;
    }

    /** Returns whether everything that is committed now was handed over. */
    boolean isCaughtUp() {
        return position >= world.meta().stable();
    }

    @Override
    public void follow(Reader next) {
        reader = next;
        process.after(world.random().nextLong(1, 50), this::read);
    }

    /** The topic has new records. */
    void grew() {
        if (!reading && reader != null && !closed) {
            process.after(world.readMs(), this::read);
            reading = true;
        }
    }

    private void read() {
        reading = false;
        var next = reader;
        if (closed || next == null) {
            return;
        }
        if (isCut() || blind) {
            reading = true;
            process.after(RETRY_MS, this::read);
            return;
        }
        var stable = world.meta().stable();
        if (startEnd < 0) {
            startEnd = stable;
        }
        var entries = world.meta().committedFrom(position, stable);
        var part =
                entries.subList(0, Math.min(entries.size(), 1 + world.random().nextInt(MOST_RECORDS)));
        position = part.size() < entries.size() ? part.get(part.size() - 1).offset() + 1 : stable;
        var news = new ArrayList<News>();
        part.forEach(entry -> entry.news().ifPresent(news::add));
        next.onNews(news, hasReadWhatWasThere());
        if (!hasReadWhatWasThere()) {
            reading = true;
            process.after(world.random().nextLong(1, 100), this::read);
        } else if (position < world.meta().stable()) {
            grew();
        }
    }

    @Override
    public CompletableFuture<Void> takeId(String attempt) {
        var done = new CompletableFuture<Void>();
        call(() -> {
            nonce = "";
            epoch = -1;
            var call = new Call("take the transactional id", done);
            send(() -> world.meta()
                    .init(taken -> call.answer(() -> {
                        nonce = attempt;
                        epoch = taken;
                    })));
        });
        return done;
    }

    @Override
    public CompletableFuture<Void> write(String attempt, Changes changes) {
        var done = new CompletableFuture<Void>();
        call(() -> {
            var call = new Call("write a decision", done);
            if (!attempt.equals(nonce)) {
                call.fail("a later attempt of this process");
                return;
            }
            var writer = epoch;
            send(() -> {
                if (!world.meta().begin(writer, changes)) {
                    call.refuse();
                } else if (!process.isKilled()) {
                    send(() -> {
                        if (world.meta().commit(writer)) {
                            call.answer(() -> {});
                        } else {
                            call.refuse();
                        }
                    });
                }
            });
        });
        return done;
    }

    /** A request travels; that of a process that is cut off is lost, or late. */
    private void send(Runnable arrives) {
        if (isCut()) {
            world.count("requests to the meta topic lost");
            return;
        }
        world.after(world.writeMs(), arrives);
    }

    private void call(Runnable next) {
        calls.add(next);
        if (!calling) {
            calling = true;
            process.execute(this::callNext);
        }
    }

    private void callNext() {
        var next = calls.poll();
        calling = next != null;
        if (next != null) {
            next.run();
        }
    }

    /** A call of the client, which ends when the answer comes, or after its time limit. */
    private final class Call {
        private final String operation;
        private final CompletableFuture<Void> done;
        private boolean over;

        Call(String operation, CompletableFuture<Void> done) {
            this.operation = operation;
            this.done = done;
            process.after(CALL_MS, () -> fail("no answer within " + CALL_MS + " ms"));
        }

        void answer(Runnable then) {
            if (isCut() || world.answerIsLost()) {
                world.count("answers of the meta topic lost");
                return;
            }
            process.after(world.random().nextLong(1, 20), () -> {
                if (!over) {
                    over = true;
                    then.run();
                    done.complete(null);
                    callNext();
                }
            });
        }

        void refuse() {
            process.after(world.random().nextLong(1, 20), () -> fail("fenced"));
        }

        void fail(String why) {
            if (!over) {
                over = true;
                nonce = "";
                epoch = -1;
                done.completeExceptionally(error(operation, why));
                callNext();
            }
        }
    }

    private static Throwable error(String operation, String why) {
        return Problem.of(ErrorCode.UNAVAILABLE, operation).found(why).exception();
    }

    @Override
    public CompletableFuture<Void> announce(MetaRecord record) {
        var done = new CompletableFuture<Void>();
        process.after(
                ANNOUNCEMENT_MS, () -> done.completeExceptionally(error("write " + record.key(), "no answer in time")));
        send(() -> {
            world.meta().append(record);
            if (!world.answerIsLost()) {
                process.after(world.random().nextLong(1, 20), () -> done.complete(null));
            }
        });
        return done;
    }

    @Override
    public void close() {
        closed = true;
    }
}
