package io.seawall.client.internal.read;

import com.google.protobuf.Timestamp;
import io.seawall.api.v1.Edge;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.client.internal.rpc.Alarm;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.internal.rpc.Channels;
import io.seawall.client.internal.rpc.ClientThreads;
import io.seawall.client.internal.rpc.Endpoints;
import io.seawall.client.internal.rpc.Records;
import io.seawall.client.internal.rpc.Route;
import io.seawall.client.internal.rpc.SerialExecutor;
import io.seawall.client.log.Codes;
import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.View;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A reader: carries out the machine's decisions on the client's thread, which alone uses the machine, the call and the timer, and
 * gives messages to the user's thread.
 */
public final class Reader implements LogReader, ReadCall.Events {
    private static final long UNKNOWN = -1;

    private final String pchannel;
    private final ReaderOptions options;
    private final ClientThreads threads;
    private final Channels channels;
    private final Runnable onEnd;
    private final Route route;
    private final ReaderMachine machine;
    private final MessageQueue messages = new MessageQueue();
    private final CompletableFuture<Long> start = new CompletableFuture<>();
    private final AtomicReference<@Nullable Use> use = new AtomicReference<>();
    private final Alarm alarm;
    private final SerialExecutor callbacks;
    private @Nullable ReadCall call;
    private volatile long
            next; // written by the thread that takes messages, and once by the client's thread before that
    private volatile long tail = UNKNOWN; // written by the client's thread
    private volatile @Nullable Subscription subscription;

    /** How a user takes the records. */
    private enum Use {
        POLL,
        ITERATOR,
        PUBLISHER
    }

    /**
     * Opens a reader, which begins to connect and to prefetch.
     *
     * @param onEnd called on the client's thread when the reader has ended
     */
    public Reader(
            String pchannel,
            StartPosition from,
            ReaderOptions options,
            ClientThreads threads,
            Channels channels,
            Endpoints endpoints,
            Runnable onEnd) {
        this.pchannel = pchannel;
        this.options = options;
        this.threads = threads;
        this.channels = channels;
        this.onEnd = onEnd;
        this.route = new Route(endpoints, threads.random());
        this.machine = new ReaderMachine(pchannel, from, options, route::failed, route::succeeded);
        this.next = from instanceof StartPosition.AtLsn at ? at.lsn() : UNKNOWN;
        this.callbacks = new SerialExecutor(threads.callbacks());
        this.alarm = new Alarm(threads, () -> step(() -> machine.tick(threads.nowMs())));
        threads.loop().execute(() -> step(() -> machine.tick(threads.nowMs())));
    }

    @Override
    public String pchannel() {
        return pchannel;
    }

    @Override
    public CompletableFuture<Long> start() {
        return start.copy();
    }

    @Override
    public List<LogRecord> poll(Duration atMost) {
        use(Use.POLL);
        return take(TimeUnit.NANOSECONDS.convert(atMost));
    }

    private void use(Use wanted) {
        var before = use.compareAndExchange(null, wanted);
        if (before != null && (before != wanted || wanted == Use.PUBLISHER)) {
            throw new IllegalStateException(
                    "cannot use the reader of " + pchannel + " as " + wanted + ": it is used as " + before);
        }
    }

    /** Returns the records of the next message, or none within the time or at the end. */
    List<LogRecord> take(long nanos) {
        var message = messages.poll(nanos);
        if (message == null) {
            return List.of();
        }
        var records = Records.records(message);
        next = message.getNext();
        threads.loop().execute(() -> step(() -> machine.taken(threads.nowMs())));
        return records;
    }

    @Override
    public Iterator<LogRecord> iterator() {
        use(Use.ITERATOR);
        return new RecordIterator(this);
    }

    @Override
    public Flow.Publisher<LogRecord> publisher() {
        return subscriber -> {
            use(Use.PUBLISHER);
            var subscribed = new Subscription(this, subscriber, callbacks);
            subscription = subscribed;
            subscribed.begin();
        };
    }

    @Override
    public boolean isEnded() {
        return messages.isEnded();
    }

    @Override
    public long next() {
        return next;
    }

    @Override
    public long tail() {
        return tail;
    }

    @Override
    public void close() {
        messages.close();
        var reason = SeawallException.of(
                        Codes.CLOSED, "the reader of " + pchannel + " was closed before a node answered")
                .pchannel(pchannel)
                .build();
        threads.loop().execute(() -> step(machine::close));
        callbacks.execute(() -> start.completeExceptionally(reason));
    }

    @Override
    public void message(int number, ReadResponse message) {
        step(() -> machine.message(number, message, threads.nowMs()));
    }

    @Override
    public void ended(int number, @Nullable CallFailure failure) {
        step(() -> machine.callEnded(number, failure, threads.nowMs()));
    }

    private void step(Runnable event) {
        try {
            event.run();
            for (var decisions = machine.take(); !decisions.isEmpty(); decisions = machine.take()) {
                decisions.forEach(this::carryOut);
            }
            alarm.at(machine.wakeAtMs());
        } catch (RuntimeException | Error bug) {
            giveUp(bug);
        }
    }

    /** Ends the reader with an error: on a state that is wrong, records might be left out. */
    private void giveUp(Throwable bug) {
        var last = call;
        machine.close();
        var unused = machine.take(); // the end without an error
        end(SeawallException.of(Codes.INTERNAL, "cannot read " + pchannel + ": the client failed: " + bug)
                .pchannel(pchannel)
                .cause(bug)
                .build());
        if (last != null) {
            last.cancel();
        }
    }

    private void carryOut(ReadDecision decision) {
        if (decision instanceof ReadDecision.Open open) {
            open(open);
        } else if (decision instanceof ReadDecision.Request) {
            if (call != null) {
                call.request();
            }
        } else if (decision instanceof ReadDecision.Cancel) {
            if (call != null) {
                call.cancel();
                call = null;
            }
        } else if (decision instanceof ReadDecision.Started started) {
            if (next == UNKNOWN) {
                next = started.lsn();
            }
            callbacks.execute(() -> start.complete(started.lsn()));
        } else if (decision instanceof ReadDecision.Tail known) {
            tail = known.lsn();
        } else if (decision instanceof ReadDecision.Deliver deliver) {
            messages.add(deliver.message());
            wakeSubscription();
        } else if (decision instanceof ReadDecision.End end) {
            end(end.error());
        }
    }

    private void open(ReadDecision.Open open) {
        try {
            call = new ReadCall(open.call(), channels.to(route.address()), request(open.from()), open.messages(), this);
        } catch (RuntimeException failed) { // an address that is no address
            call = null;
            machine.callEnded(
                    open.call(),
                    CallFailure.unavailable("cannot read " + pchannel + " at " + route.address() + ": " + failed),
                    threads.nowMs());
        }
    }

    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both parts go into the message
    private ReadRequest request(StartPosition from) {
        var request = ReadRequest.newBuilder()
                .setPchannel(pchannel)
                .setView(
                        options.view() == View.LIVE
                                ? io.seawall.api.v1.View.VIEW_LIVE
                                : io.seawall.api.v1.View.VIEW_COMMITTED)
                .setUntilTail(options.untilTail())
                .setMaxBatchBytes(options.messageBytes());
        if (from instanceof StartPosition.AtLsn at) {
            request.setLsn(at.lsn());
        } else if (from instanceof StartPosition.AtTime at) {
            request.setTime(Timestamp.newBuilder()
                    .setSeconds(at.time().getEpochSecond())
                    .setNanos(at.time().getNano()));
        } else {
            request.setEdge(from instanceof StartPosition.Tail ? Edge.EDGE_TAIL : Edge.EDGE_OLDEST);
        }
        return request.build();
    }

    private void end(@Nullable SeawallException error) {
        call = null;
        messages.end(error);
        onEnd.run();
        wakeSubscription();
        if (error != null) {
            callbacks.execute(() -> start.completeExceptionally(error));
        }
    }

    private void wakeSubscription() {
        var subscribed = subscription;
        if (subscribed != null) {
            subscribed.wake();
        }
    }
}
