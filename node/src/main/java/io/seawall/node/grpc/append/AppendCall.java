package io.seawall.node.grpc.append;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.seawall.api.v1.AppendAck;
import io.seawall.api.v1.AppendOpened;
import io.seawall.api.v1.AppendResponse;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.grpc.call.Inbound;
import io.seawall.node.grpc.call.OwnerClient;
import io.seawall.node.grpc.call.Refusal;
import io.seawall.node.serve.CountedAppend;
import io.seawall.node.serve.RequestRouting;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WriterSeq;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One append call. It holds the batches that have no answer, in the order in which they came, and sends the answers in that order
 * while the client takes them. It asks for the next message only while what it holds is within the window.
 *
 * <p>All state is used inside {@code serial}, which runs one event at a time on the thread that brought it.
 */
final class AppendCall extends ServerCall.Listener<AppendMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(AppendCall.class);

    /** Errors after which no batch of the call can succeed: the log is not open here any more. */
    private static final Set<ErrorCode> LOG_IS_CLOSED =
            Set.of(ErrorCode.NOT_OWNER, ErrorCode.FENCED, ErrorCode.TERM_EXPIRED, ErrorCode.SHUTTING_DOWN);

    private final ServerCall<AppendMessage, AppendResponse> call;
    private final Appends appends;
    private final Inbound inbound;
    private final SynchronizationContext serial = new SynchronizationContext(this::failUnexpectedly);
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private State state = State.NEW;
    private boolean asked; // for a message that has not come
    private boolean halfClosed;
    private boolean stopping;
    private long heldBytes;
    private String writerId = "";
    private @Nullable PChannel pchannel;
    private @Nullable Wal wal;
    private @Nullable Throwable ending; // the error after the answers that are still to be sent

    /** How far a call is. */
    private enum State {
        /** The client has not named the log. */
        NEW,
        /** The log is looked for. */
        OPENING,
        /** Batches are taken. */
        OPEN,
        /** The call is answered with its status, or cancelled. */
        OVER
    }

    /** A batch whose answer was not sent. */
    private static final class Pending {
        private final long bytes;
        private @Nullable AppendResponse answer;

        Pending(long bytes) {
            this.bytes = bytes;
        }
    }

    AppendCall(ServerCall<AppendMessage, AppendResponse> call, Appends appends) {
        this.call = call;
        this.appends = appends;
        this.inbound = Inbound.current();
    }

    /** Begins: asks for the first message. */
    void start() {
        call.sendHeaders(new Metadata());
        serial.execute(this::ask);
    }

    @Override
    public void onMessage(AppendMessage message) {
        var bytes = inbound.received(message instanceof AppendMessage.Batch batch ? batch.bytes() : 0);
        serial.execute(() -> receive(message, bytes));
    }

    @Override
    public void onHalfClose() {
        serial.execute(() -> {
            halfClosed = true;
            send();
        });
    }

    @Override
    public void onReady() {
        serial.execute(this::send);
    }

    @Override
    public void onCancel() {
        serial.execute(this::forget);
    }

    @Override
    public void onComplete() {
        serial.execute(this::forget);
    }

    private void forget() {
        state = State.OVER;
        pending.clear(); // what is in flight gives its bytes back when it is answered
        appends.remove(this);
    }

    private void receive(AppendMessage message, long bytes) {
        asked = false;
        if (state == State.OVER || ending != null) {
            inbound.release(bytes);
            return;
        }
        switch (message.kind()) {
            case OPEN -> {
                inbound.release(bytes);
                open((AppendMessage.Open) message);
            }
            case BATCH -> take((AppendMessage.Batch) message, bytes);
            case REFUSED -> {
                inbound.release(bytes);
                refuse(((AppendMessage.Refused) message).why());
            }
            case BROKEN -> {
                inbound.release(bytes);
                end(((AppendMessage.Broken) message).why());
            }
        }
        ask();
    }

    private void open(AppendMessage.Open open) {
        if (state != State.NEW) {
            end(Problem.of(ErrorCode.INVALID, operation())
                    .found("a second message with open")
                    .expected("one, as the first message of the call")
                    .exception());
            return;
        }
        PChannel log;
        try {
            log = PChannel.parse(open.pchannel());
            pchannel = log;
            writerId = open.writerId();
            if (!writerId.isEmpty()) {
                var unused = new WriterSeq(writerId, 0); // checks the id
            }
        } catch (WalException wrong) {
            end(wrong);
            return;
        }
        state = State.OPENING;
        var client = new OwnerClient(
                operation(), log, appends.assignments(), appends.work(), failure -> serial.execute(() -> end(failure)));
        find(log, appends.routing().route(client, log));
    }

    /** Looks for the open log. If it is not here, the call waits until it is, or until another node has it. */
    private void find(PChannel log, RequestRouting.Routed routed) {
        if (state != State.OPENING) {
            return; // cancelled meanwhile
        }
        Wal owned;
        try {
            owned = appends.assignments().ownedWal(log);
        } catch (WalException notHere) {
            routed.failed(notHere, 0, () -> serial.execute(() -> find(log, routed)));
            return;
        }
        wal = owned;
        state = State.OPEN;
        call.sendMessage(AppendResponse.newBuilder().setOpened(opened(owned)).build());
        send();
    }

    private AppendOpened opened(Wal log) {
        var sizes = appends.sizes();
        return AppendOpened.newBuilder()
                .setTerm(log.term())
                .setTail(log.tail())
                .setMaxRecordBytes(sizes.recordBytes())
                .setMaxBatchBytes(sizes.batchBytes())
                .setMaxMessageBytes(GrpcLimits.MESSAGE_BYTES)
                .setWindowBytes(GrpcLimits.CALL_WINDOW_BYTES)
                .build();
    }

    private String operation() {
        return pchannel == null ? "append" : "append to " + pchannel;
    }

    private void take(AppendMessage.Batch batch, long bytes) {
        var log = wal;
        if (log == null) {
            inbound.release(bytes);
            end(Problem.of(ErrorCode.INVALID, operation())
                    .found("a batch as the first message")
                    .expected("a first message with open, which names the log")
                    .exception());
            return;
        }
        if (stopping) {
            inbound.release(bytes);
            end(shuttingDown());
            return;
        }
        AppendRequest request;
        try {
            request = new AppendRequest(batch.records(), batch.ifTail(), writer(batch));
        } catch (WalException refused) {
            inbound.release(bytes);
            refuse(refused);
            return;
        }
        append(log, request, batch, bytes);
    }

    private @Nullable WriterSeq writer(AppendMessage.Batch batch) {
        if (writerId.isEmpty() != (batch.seq() == null)) {
            throw Problem.of(ErrorCode.INVALID, operation())
                    .found(writerId.isEmpty() ? "a seq without a writer session" : "a batch without seq")
                    .expected(
                            writerId.isEmpty()
                                    ? "a writer_id in open"
                                    : "a seq in each batch of writer session " + writerId)
                    .exception();
        }
        return batch.seq() == null ? null : new WriterSeq(writerId, batch.seq());
    }

    private void append(Wal log, AppendRequest request, AppendMessage.Batch batch, long bytes) {
        var waiting = new Pending(bytes);
        pending.add(waiting);
        heldBytes += bytes;
        var unused = CountedAppend.append(log, request, batch.bytes(), appends.metrics())
                .whenComplete((appended, failure) -> {
                    inbound.release(bytes);
                    serial.execute(() -> answer(waiting, appended, failure));
                });
    }

    /** Answers a batch that never came to the log. Its answer waits for those of the batches before it. */
    private void refuse(WalException why) {
        if (state != State.OPEN) {
            end(why);
            return;
        }
        var refused = new Pending(0);
        refused.answer = problem(why);
        pending.add(refused);
        send();
    }

    private AppendResponse problem(Throwable why) {
        return AppendResponse.newBuilder()
                .setProblem(appends.errors().toProblem(why))
                .build();
    }

    private void answer(Pending batch, @Nullable Appended appended, @Nullable Throwable failure) {
        heldBytes -= batch.bytes;
        if (state == State.OVER) {
            return;
        }
        if (appended != null) {
            batch.answer = AppendResponse.newBuilder()
                    .setAck(AppendAck.newBuilder()
                            .setTerm(appended.term())
                            .setFirst(appended.first())
                            .setLast(appended.last())
                            .setRepeated(appended.repeated()))
                    .build();
        } else if (failure != null && isOver(failure)) {
            end(failure);
            return;
        } else if (failure != null) {
            batch.answer = problem(failure);
        }
        send();
    }

    private static boolean isOver(Throwable failure) {
        return FutureErrors.unwrapped(failure) instanceof WalException error && LOG_IS_CLOSED.contains(error.code());
    }

    /** Ends the call with an error, behind the answers that are there. What has no answer by then gets none. */
    private void end(Throwable why) {
        if (state == State.OVER || ending != null) {
            return;
        }
        ending = why;
        send();
    }

    /** Sends what may be sent now, and then asks for more. */
    private void send() {
        if (state == State.OVER) {
            return;
        }
        // The last answers of a call are sent in any case: they are few, and nothing follows them.
        while (!pending.isEmpty() && (ending != null || call.isReady())) {
            var answer = pending.element().answer;
            if (answer == null) {
                break;
            }
            pending.remove();
            call.sendMessage(answer);
        }
        if (ending != null) {
            close(ending);
        } else if (pending.isEmpty() && halfClosed && state != State.OPENING) {
            finish();
        } else if (pending.isEmpty() && stopping) {
            close(shuttingDown());
        } else {
            ask();
        }
    }

    private void finish() {
        if (state == State.NEW) {
            close(Problem.of(ErrorCode.INVALID, operation())
                    .found("a call without a message")
                    .expected("a first message with open, which names the log")
                    .exception());
            return;
        }
        call.close(Status.OK, new Metadata());
        forget();
    }

    private void close(Throwable why) {
        var status = appends.errors().toStatus(located(why));
        var trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        forget();
    }

    /** Adds where the log is now, if that is known. */
    private Throwable located(Throwable why) {
        var log = pchannel;
        return log != null && state == State.OPEN && FutureErrors.unwrapped(why) instanceof WalException error
                ? new Refusal(error, appends.ownerElsewhere(log))
                : why;
    }

    private WalException shuttingDown() {
        return Problem.of(ErrorCode.SHUTTING_DOWN, operation())
                .found("a node that stops")
                .fix("open the log again; another node may have it by then")
                .exception();
    }

    /** Asks for a message if there is room for one. */
    private void ask() {
        var room = heldBytes < GrpcLimits.CALL_WINDOW_BYTES && pending.size() < GrpcLimits.CALL_BATCHES;
        var mayAsk = (state == State.NEW || state == State.OPEN) && ending == null && !stopping && !halfClosed;
        if (!asked && room && mayAsk) {
            asked = true;
            inbound.request(() -> call.request(1));
        }
    }

    /** Ends the call if the log that it appends to is not open here any more; an idle call finds that out here alone. */
    void check() {
        serial.execute(() -> {
            var log = wal;
            if (log == null || state != State.OPEN || ending != null) {
                return;
            }
            try {
                var term = appends.assignments().ownedWal(log.pchannel()).term();
                if (term != log.term()) {
                    end(Problem.of(ErrorCode.NOT_OWNER, operation())
                            .pchannel(log.pchannel())
                            .effect(pending.isEmpty() ? Effect.NONE : Effect.UNKNOWN)
                            .found("the log open at term " + term + ", and the call at term " + log.term())
                            .fix("open it again")
                            .exception());
                }
            } catch (WalException notHere) {
                end(
                        pending.isEmpty()
                                ? notHere
                                : notHere.problem().effect(Effect.UNKNOWN).exception());
            }
        });
    }

    /** Ends the call when the batches in flight are answered. */
    void stop() {
        serial.execute(() -> {
            stopping = true;
            if (state == State.NEW || state == State.OPENING) {
                end(shuttingDown());
            } else {
                send();
            }
        });
    }

    private void failUnexpectedly(Thread thread, Throwable error) {
        LOG.atError().addKeyValue("pchannel", pchannel).setCause(error).log("an append call failed");
        try {
            close(error);
        } catch (RuntimeException alreadyOver) {
            forget();
        }
    }
}
