package io.seawall.node.serve;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Owners;
import io.seawall.node.ports.Owners.Owner;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes requests that only the owner of a log can serve. In a cluster, a request that finds no open log here is held until the log
 * has an owner: then it is served here, or its client is sent to the owner. A request is held for at most {@link #HOLD}, or
 * {@link #MOVE_HOLD} while the log moves, without a thread, and only if it had no effect for certain: a request whose outcome is
 * unknown is answered with that, because repeating it could write its records twice.
 *
 * <p>Without a cluster nobody is waited for: the log itself may name its holder, and {@link Client#withoutCluster} decides. Thread-safe.
 */
public final class RequestRouting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRouting.class);

    /** How long a request is held whose log no node has. */
    static final Duration HOLD = Duration.ofSeconds(1);

    /**
     * How long a request is held in all while a node closes or opens the log. It covers an opening in a process that has just
     * started, on a machine that is busy, and is far below the time-outs that clients usually have.
     */
    static final Duration MOVE_HOLD = Duration.ofSeconds(5);

    /** Requests that are held at the same time; those above it are answered as if the time were over. */
    static final int MOST_HELD = 1_000;

    /** The bytes of their bodies; the same above it. Most are held before their body was read, and count nothing. */
    static final long MOST_HELD_BYTES = 64L << 20;

    /** How often a request is tried here. More than two are needed only if terms end as fast as they begin. */
    private static final int MOST_TRIES = 5;

    private static final long CLOSE_SECONDS = 1;

    /** What the lifetime and the log answer when a term is over, or the node closes its logs. */
    private static final Set<ErrorCode> TERM_IS_OVER =
            Set.of(ErrorCode.NOT_OWNER, ErrorCode.FENCED, ErrorCode.TERM_EXPIRED, ErrorCode.SHUTTING_DOWN);

    private final Assignments assignments;
    private final @Nullable Owners owners;
    private final NodeMetrics metrics;
    private final LongSupplier nanoTime;
    private final String protocol;
    private final ByteBudget bytes = new ByteBudget(MOST_HELD_BYTES);
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Hold> held = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor executor;
    private volatile boolean closed; // written by close, read by any thread

    /**
     * Creates a routing that holds nothing yet.
     *
     * @param assignments the logs of this node
     * @param owners the owners by the cluster's state, or null without a cluster
     * @param protocol the protocol of the requests, as it is in the names of meters: {@code http} or {@code grpc}
     * @param metrics counts held requests
     * @param nanoTime a monotonic clock
     */
    public RequestRouting(
            Assignments assignments,
            @Nullable Owners owners,
            String protocol,
            NodeMetrics metrics,
            LongSupplier nanoTime) {
        this.assignments = assignments;
        this.owners = owners;
        this.protocol = protocol;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        // The queue has no bound of its own: only held requests enter it.
        executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "seawall-" + protocol + "-routing");
            thread.setDaemon(true);
            return thread;
        });
        metrics.gauge("seawall." + protocol + ".held", "requests that wait for their log to get an owner", count::get);
    }

    /** A request, as the protocol knows it, and the ways to answer it. No method blocks. */
    public interface Client {
        /** Returns what was requested, as a phrase that fits after "cannot". */
        String operation();

        /** Answers with an error. */
        void fail(Throwable failure);

        /**
         * Sends the client to another node.
         *
         * @param owner that node
         * @param notHere the error that goes with it
         */
        void redirect(Owner owner, WalException notHere);

        /** Answers a request that failed here on a node that is in no cluster. */
        void withoutCluster(Throwable failure);

        /** Runs a task that blocks, on another thread; if that fails, its exception becomes the answer. */
        void runBlocking(Runnable task);
    }

    /** Begins with a request. */
    public Routed route(Client client, PChannel pchannel) {
        return new Routed(client, pchannel);
    }

    /** A request on its way. Used by one thread at a time. */
    public final class Routed {
        private final Client client;
        private final PChannel pchannel;
        private int tries;
        private long heldNanos;

        private Routed(Client client, PChannel pchannel) {
            this.client = client;
            this.pchannel = pchannel;
        }

        /**
         * Continues after the request failed here: answers with the failure, unless that says that the log is not open here and the
         * request had no effect.
         *
         * @param failure the failure
         * @param bodyBytes the size of what is kept of the request meanwhile
         * @param again tries the request here once more; calls {@code failed} again if that fails too. Runs on a thread that
         *     all held requests share, so it must not block; an exception of it becomes the answer
         */
        public void failed(Throwable failure, long bodyBytes, Runnable again) {
            var error = FutureErrors.unwrapped(failure);
            if (owners == null) {
                client.withoutCluster(failure);
            } else if (error instanceof WalException over && isTermOver(over)) {
                tries++;
                go(owners.owner(pchannel), new Hold(this, over, bodyBytes, again));
            } else {
                client.fail(failure);
            }
        }

        private void go(Owner owner, Hold hold) {
            switch (owner.kind()) {
                case HERE -> tryAgain(owner, hold);
                case ELSEWHERE -> client.redirect(owner, notHere(owner, hold.why));
                case CLOSED, UNREACHABLE -> refuse(owner, hold.why);
                case MOVING, UNSETTLED -> hold(owner, hold);
                case UNKNOWN ->
                    client.runBlocking(() -> {
                        assignments.status(pchannel); // fails with NOT_FOUND if Kafka has no such log either
                        hold(owner, hold);
                    });
            }
        }

        private void tryAgain(Owner owner, Hold hold) {
            if (tries >= MOST_TRIES) {
                refuse(owner, hold.why);
                return;
            }
            hold.again.run();
        }

        private void hold(Owner owner, Hold hold) {
            var left = left(owner);
            if (closed || left.isZero() || owners == null || !hold.enter()) {
                giveUp(owner, hold.why);
                return;
            }
            var unused = owners.await(pchannel, left).thenAccept(hold::resume);
            if (closed) { // closed since the check above: close may have missed this one
                hold.resume(owners.owner(pchannel));
            }
        }

        /** Returns how much longer this request may be held. */
        private Duration left(Owner owner) {
            var left = (owner.kind() == Owners.Kind.MOVING ? MOVE_HOLD : HOLD).minusNanos(heldNanos);
            return left.isNegative() ? Duration.ZERO : left;
        }

        private void resumed(Owner owner, Hold hold) {
            heldNanos += nanoTime.getAsLong() - hold.sinceNanos;
            if (owner.kind() == Owners.Kind.HERE) {
                metrics.held(protocol, "here");
                tryAgain(owner, hold);
            } else if (owner.isSettled()) {
                metrics.held(protocol, "elsewhere");
                go(owner, hold);
            } else if (owner.kind() == Owners.Kind.MOVING && !left(owner).isZero()) {
                hold(owner, hold.again()); // the log began to move while the request was held
            } else {
                metrics.held(protocol, "none");
                giveUp(owner, hold.why);
            }
        }

        /** Answers without an owner that is known to be available. */
        private void giveUp(Owner owner, WalException why) {
            if (owner.url().isEmpty()) {
                refuse(owner, why);
            } else {
                client.redirect(owner, notHere(owner, why));
            }
        }

        private WalException notHere(Owner owner, WalException why) {
            return Problem.of(ErrorCode.NOT_OWNER, client.operation())
                    .pchannel(pchannel)
                    .found(owner.why())
                    .cause(why)
                    .exception();
        }

        private void refuse(Owner owner, WalException why) {
            client.fail(Problem.of(closed ? ErrorCode.SHUTTING_DOWN : ErrorCode.UNAVAILABLE, client.operation())
                    .pchannel(pchannel)
                    .found(owner.why())
                    .expected("a node that has the log open")
                    .fix(fix(owner))
                    .cause(why)
                    .exception());
        }
    }

    private static String fix(Owner owner) {
        return switch (owner.kind()) {
            case CLOSED -> "see the log's status";
            case UNREACHABLE -> "give each node an http.advertised.url that leads to it and to no other node";
            case HERE, ELSEWHERE, MOVING, UNSETTLED, UNKNOWN -> "try again";
        };
    }

    /** Returns whether an error says that the log is not open here, with no effect. */
    private static boolean isTermOver(WalException error) {
        return error.problem().effect() == Effect.NONE && TERM_IS_OVER.contains(error.code());
    }

    /** A request that waits. The first call of {@link #resume} counts. */
    private final class Hold {
        private final Routed request;
        private final WalException why;
        private final long bodyBytes;
        private final Runnable again;
        private final long sinceNanos = nanoTime.getAsLong();
        private final AtomicBoolean resumed = new AtomicBoolean();

        Hold(Routed request, WalException why, long bodyBytes, Runnable again) {
            this.request = request;
            this.why = why;
            this.bodyBytes = bodyBytes;
            this.again = again;
        }

        /** Returns another hold of the same request. */
        Hold again() {
            return new Hold(request, why, bodyBytes, again);
        }

        boolean enter() {
            if (!bytes.take(bodyBytes)) {
                return false;
            }
            if (count.incrementAndGet() > MOST_HELD) {
                leave();
                return false;
            }
            held.add(this);
            return true;
        }

        private void leave() {
            held.remove(this);
            count.decrementAndGet();
            bytes.give(bodyBytes);
        }

        void resume(Owner owner) {
            if (resumed.compareAndSet(false, true)) {
                executor.execute(() -> {
                    leave();
                    try {
                        request.resumed(owner, this);
                    } catch (RuntimeException e) {
                        request.client.fail(e);
                    }
                });
            }
        }
    }

    /**
     * Answers all requests that are held, and holds none any more. Waits for the answers for a bounded time: a server that stops
     * closes connections that were silent for a moment, also those of requests that wait. Call it while the server can still answer.
     */
    @Override
    public void close() {
        closed = true;
        if (owners != null && !executor.isShutdown()) {
            held.forEach(hold -> hold.resume(owners.owner(hold.request.pchannel)));
            awaitAnswers();
        }
    }

    private void awaitAnswers() {
        var answered = new CountDownLatch(1);
        executor.execute(answered::countDown); // behind the answers, since one thread gives them in order
        try {
            if (!answered.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.atWarn()
                        .addKeyValue("held", count.get())
                        .log("held requests were not all answered before the stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread, after {@link #close} and when no request is left. */
    public void stop() {
        executor.shutdown();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
