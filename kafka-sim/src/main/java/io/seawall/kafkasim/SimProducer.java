package io.seawall.kafkasim;

import io.seawall.kafkasim.Answer.Code;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneFault.Kind;
import io.seawall.walkafka.port.LaneProducer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transactional producer that behaves like Kafka's Java client: it retries within its timeouts, and turns the brokers' errors
 * into an abortable or a fatal state; see docs/kafka.md#producer-errors.
 */
final class SimProducer implements LaneProducer {
    private static final long SHORTEST_BACKOFF_US = 10_000;
    private static final long LONGEST_BACKOFF_US = 500_000;

    private final SimKafka kafka;
    private final SimProcess process;
    private final String transactionalId;
    private final PChannel pchannel;
    private final ProducerTimeouts timeouts;
    private final Connection coordinatorConnection;
    private final SendQueue queue;
    private State state = State.NEW;
    private @Nullable LaneFault error; // the last one
    private ProducerIdentity identity = ProducerIdentity.NONE;
    private boolean sentInTransaction;
    private long backoffUs = SHORTEST_BACKOFF_US;
    private @Nullable CompletableFuture<Void> waited; // of the init or commit in progress

    private enum State {
        NEW,
        READY,
        IN_TRANSACTION,
        COMMITTING,
        /** The transaction failed; records in flight may still be acknowledged. */
        ABORTABLE,
        FATAL,
        CLOSED
    }

    /**
     * A producer's timeouts.
     *
     * @param blockUs the longest wait for an initialization or a commit
     * @param deliveryUs from a send to its acknowledgement or failure
     * @param transactionUs after this the coordinator aborts
     */
    record ProducerTimeouts(long blockUs, long deliveryUs, long transactionUs) {}

    SimProducer(SimKafka kafka, SimProcess process, PChannel pchannel, Lane lane, ProducerTimeouts timeouts) {
        this.kafka = kafka;
        this.process = process;
        this.pchannel = pchannel;
        this.transactionalId = SimKafka.transactionalId(pchannel, lane);
        this.timeouts = timeouts;
        this.coordinatorConnection = kafka.connect(process);
        this.queue = new SendQueue(kafka, process, timeouts.deliveryUs(), new Sends());
        process.producerOpened();
    }

    @Override
    public CompletableFuture<Void> init() {
        var result = waitFor("init");
        kafka.events().initializing(process, transactionalId);
        process.execute(() -> askForIdentity(result));
        return result.copy();
    }

    /** Returns the future that the caller waits for; it times out, while the client keeps trying. */
    private CompletableFuture<Void> waitFor(String what) {
        var result = new CompletableFuture<Void>();
        waited = result;
        backoffUs = SHORTEST_BACKOFF_US;
        process.after(timeouts.blockUs() / 1_000, () -> {
            if (!result.isDone()) {
                result.completeExceptionally(fault(Kind.UNAVAILABLE, what + " timed out"));
            }
        });
        return result;
    }

    private void askForIdentity(CompletableFuture<Void> result) {
        if (state == State.CLOSED) {
            return;
        }
        this.<Answer>call(
                answer -> kafka.coordinator(transactionalId).init(timeouts.transactionUs(), answer),
                answer -> {
                    if (answer.code() == Code.OK) {
                        beReady(answer, result);
                    } else {
                        again(() -> askForIdentity(result));
                    }
                },
                () -> again(() -> askForIdentity(result)));
    }

    private <A> void call(Connection.Handler<A> handler, Consumer<A> answered, Runnable lost) {
        coordinatorConnection.call(handler, answered, lost);
    }

    private void again(Runnable task) {
        backoffUs = Math.min(2 * backoffUs, LONGEST_BACKOFF_US);
        kafka.loop().after(kafka.faults().between(backoffUs / 2, backoffUs), () -> process.run(task));
    }

    /**
     * Returns the error for a call that comes too late: the last error, except that one record that was too large does not fail
     * others as too large.
     */
    private LaneFault refusal(String call) {
        var last = error;
        if (last == null) {
            return fault(Kind.UNAVAILABLE, call + " in state " + state);
        }
        return last.kind() == Kind.TOO_LARGE || last.kind() == Kind.REFUSED
                ? new LaneFault(Kind.UNAVAILABLE, last)
                : last;
    }

    @Override
    public void begin() {
        if (state != State.READY) {
            throw refusal("begin");
        }
        state = State.IN_TRANSACTION;
        sentInTransaction = false;
    }

    @Override
    public void send(Outgoing record, Acknowledged callback) {
        if (state != State.IN_TRANSACTION) {
            callback.on(-1, refusal("send"));
            return;
        }
        sentInTransaction = true;
        queue.add(record, callback);
    }

    @Override
    public CompletableFuture<Void> commit() {
        var result = waitFor("commit");
        if (state != State.IN_TRANSACTION) {
            result.completeExceptionally(refusal("commit"));
        } else {
            state = State.COMMITTING;
            process.execute(() -> commitWhenFlushed(result));
        }
        return result.copy();
    }

    private void commitWhenFlushed(CompletableFuture<Void> result) {
        if (state != State.COMMITTING) {
            return; // failed or closed meanwhile
        }
        if (!queue.isEmpty()) {
            queue.whenEmpty(() -> commitWhenFlushed(result));
        } else if (!sentInTransaction) {
            // Kafka's client sends no request: an empty commit succeeds even if the producer lost its id long ago.
            state = State.READY;
            result.complete(null);
        } else {
            endTransaction(result);
        }
    }

    /** Adopts the identity that the coordinator gave for the next transaction. */
    private void beReady(Answer answer, CompletableFuture<Void> result) {
        identity = answer.identity();
        queue.startOver(identity);
        state = State.READY;
        result.complete(null);
    }

    private void endTransaction(CompletableFuture<Void> result) {
        var ending = identity;
        this.<Answer>call(
                answer -> kafka.coordinator(transactionalId).end(ending, true, answer),
                answer -> {
                    if (answer.code() == Code.OK) {
                        beReady(answer, result);
                    } else if (answer.code().isRetried()) {
                        again(() -> retryEnd(result));
                    } else {
                        fail(State.FATAL, fault(Kind.FENCED, "end of transaction: " + answer.code()));
                    }
                },
                () -> again(() -> retryEnd(result)));
    }

    private void retryEnd(CompletableFuture<Void> result) {
        if (state == State.COMMITTING) {
            endTransaction(result);
        }
    }

    private void fail(State to, LaneFault cause) {
        if (state == State.CLOSED || state == State.FATAL) {
            return;
        }
        state = to;
        error = cause;
        if (waited != null) {
            waited.completeExceptionally(cause);
        }
        if (to == State.FATAL) {
            queue.failAll(cause);
        } else {
            queue.failUnsent(cause);
        }
    }

    private LaneFault fault(Kind kind, String what) {
        kafka.trace().add(() -> process.name() + " " + transactionalId + " fails: " + kind + ", " + what);
        kafka.events().failed(process, transactionalId, kind);
        return new LaneFault(kind, new IllegalStateException("simulated: " + what));
    }

    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        var closed = new LaneFault(Kind.UNAVAILABLE, new IllegalStateException("simulated: closed"));
        error = closed;
        coordinatorConnection.close();
        queue.close(closed);
        if (waited != null) {
            var left = waited;
            process.execute(() -> left.completeExceptionally(closed));
        }
        process.producerClosed();
    }

    /** What the queue of records needs from the producer. */
    private final class Sends implements SendQueue.Owner {
        @Override
        public void produce(
                Connection connection, SimPartition.Produce batch, Consumer<Answer> answered, Runnable lost) {
            // Addresses the partition by name: a record sent to a topic that is created again goes to the new one.
            connection.<Answer>call(answer -> kafka.partition(pchannel).produce(batch, answer), answered, lost);
        }

        @Override
        public String transactionalId() {
            return transactionalId;
        }

        @Override
        public LaneFault refused(Code code) {
            var kind = switch (code) {
                case MESSAGE_TOO_LARGE -> Kind.TOO_LARGE;
                case INVALID_RECORD -> Kind.REFUSED;
                case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, INVALID_PRODUCER_ID_MAPPING, INVALID_TXN_STATE ->
                    Kind.FENCED;
                default -> Kind.UNAVAILABLE;
            };
            var cause = fault(kind, "send: " + code);
            fail(code == Code.INVALID_PRODUCER_ID_MAPPING ? State.FATAL : State.ABORTABLE, cause);
            return cause;
        }

        @Override
        public LaneFault expired() {
            var cause = fault(Kind.UNAVAILABLE, "delivery timed out");
            fail(State.ABORTABLE, cause);
            return cause;
        }
    }
}
