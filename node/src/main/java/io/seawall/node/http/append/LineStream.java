package io.seawall.node.http.append;

import io.seawall.node.http.exchange.BodyClaim;
import io.seawall.node.http.exchange.Duplex;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpErrors;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.ProblemJson;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines as they arrive, and answers with a line for each batch, while the body is still being sent.
 *
 * <p>Without a writer session, a batch is what there is: it ends when no more bytes are there, or it is large. Nothing waits for a
 * batch to fill. With a session, each batch has the same number of lines, so that the same lines make the same batches again.
 *
 * <p>What is held is bounded: when so many bytes or batches are not acknowledged, or answers are not received, no more is read, and
 * the client's connection fills up. No thread waits: batches are made on Jetty's threads, one at a time, and answers on the threads
 * that acknowledge.
 *
 * <p>The first failure ends the stream. No batch is sent after it; those that were sent before are waited for, and the answers of
 * those that succeed nevertheless precede the line with the error.
 */
final class LineStream implements Duplex.Reader {
    static final String NDJSON = "application/x-ndjson";

    /** How many bytes may be sent and not acknowledged; one batch more may be collected meanwhile. */
    static final long WINDOW_BYTES = 1 << 20;

    /** How many batches may be sent and not acknowledged. */
    static final int MOST_BATCHES = 32;

    /** How many bytes of a batch are collected at most, if not one record has more. */
    private static final int BATCH_BYTES = 512 << 10;

    /** How many bytes of answers may wait for the client; about a thousand lines. */
    private static final int ANSWER_BYTES = 64 << 10;

    /** What a record takes besides its bytes. */
    private static final int RECORD_OVERHEAD_BYTES = 64;

    private final Exchange exchange;
    private final LineParser lines;
    private final BodyClaim claim;
    private final Function<AppendRequest, CompletableFuture<Appended>> log;
    private final @Nullable WriterSeq first;
    private final int batchLines;
    private final long batchBytes;
    private final Duplex duplex;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private List<WalRecord> batch =
            new ArrayList<>(); // this and the next four are used by the thread of the body alone
    private long collectedBytes;
    private long collectedLine; // of the last record in the batch
    private long batches;
    private boolean ended;
    private long nextLine =
            1; // the first line that is in no batch that was sent; written under the lock, read by others under it

    private final ArrayDeque<Sent> sent = new ArrayDeque<>(); // this and the following fields are guarded by this
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private long sentBytes;
    private boolean resting;
    private boolean whole; // all of the body is in batches that were sent
    private boolean begun;
    private boolean writing;
    private boolean closed;
    private @Nullable Failure failure;

    /** A batch that was handed to the log. */
    private static final class Sent {
        private final long from;
        private final long to;
        private final int lines;
        private final long bytes;
        private final @Nullable WriterSeq writer;
        private @Nullable CompletableFuture<Appended> outcome; // guarded by the stream

        Sent(long from, long to, int lines, long bytes, @Nullable WriterSeq writer) {
            this.from = from;
            this.to = to;
            this.lines = lines;
            this.bytes = bytes;
            this.writer = writer;
        }
    }

    /** Why the stream ends, and at which line. */
    private record Failure(Throwable why, long line, boolean unknown) {}

    /**
     * Creates a stream.
     *
     * @param exchange the request
     * @param lines reads its lines
     * @param claim pays for what is held of the body
     * @param log appends batches, in the order of the calls
     * @param first the number of the first batch in a writer session, or null without one
     * @param batchLines how many lines a batch has: exactly so many with a session, at most so many without
     * @param recordMaxBytes the largest record; every log takes a batch of this size
     */
    LineStream(
            Exchange exchange,
            LineParser lines,
            BodyClaim claim,
            Function<AppendRequest, CompletableFuture<Appended>> log,
            @Nullable WriterSeq first,
            int batchLines,
            int recordMaxBytes) {
        this.exchange = exchange;
        this.lines = lines;
        this.claim = claim;
        this.log = log;
        this.first = first;
        this.batchLines = batchLines;
        this.batchBytes = first == null ? Math.min(BATCH_BYTES, recordMaxBytes) : HttpLimits.BODY_BYTES;
        this.duplex = exchange.duplex(this);
    }

    /** Begins to read. */
    void start() {
        duplex.start();
    }

    /** Returns a future that completes when the answer has ended. */
    CompletableFuture<Void> over() {
        return over.copy();
    }

    /** Ends the stream after the batches that were sent, because the node stops. */
    void stop() {
        var why = exchange.problem(ErrorCode.SHUTTING_DOWN)
                .found("a node that is stopping")
                .fix("send the rest again, from the line that is named")
                .exception();
        synchronized (this) {
            note(why, nextLine);
        }
        proceed();
    }

    /** Ends the stream after the batches that were sent, if its caller may not append any more. */
    void check() {
        try {
            exchange.session().check();
        } catch (WalException refused) {
            synchronized (this) {
                note(refused, nextLine);
            }
            proceed();
        }
    }

    @Override
    public boolean read() {
        try {
            return readLines();
        } catch (RuntimeException e) {
            if (first == null) {
                send(); // the lines before the broken one; those of a session would be another batch the next time
            }
            fail(e, e instanceof RequestException ? Math.max(nextLine, lines.line()) : nextLine);
            return false;
        }
    }

    /** Reads lines until there are no more, or the window is full. Returns whether to go on when there are more. */
    private boolean readLines() {
        while (!rests()) {
            var record = ended ? lines.rest() : lines.next();
            if (record != null) {
                add(record);
            } else if (ended) {
                send();
                end();
                return false;
            } else if (!receive()) {
                if (first == null) {
                    send();
                }
                if (!rests()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns whether more of the body arrived. */
    private boolean receive() {
        var chunk = duplex.read();
        if (chunk == null) {
            return false;
        }
        if (Content.Chunk.isFailure(chunk)) {
            duplex.abandonBody();
            throw new CutOff(chunk.getFailure());
        }
        try {
            lines.feed(chunk.getByteBuffer());
            ended = chunk.isLast();
        } finally {
            chunk.release();
        }
        return true;
    }

    /** Thrown for a body that cannot be read to its end. */
    private static final class CutOff extends RuntimeException {
        private static final long serialVersionUID = 1;

        CutOff(Throwable cause) {
            super(cause);
        }
    }

    private void add(WalRecord record) {
        var bytes = (long) record.sizeBytes();
        if (!batch.isEmpty() && collectedBytes + bytes > batchBytes) {
            if (first != null) {
                throw exchange.problem(ErrorCode.TOO_LARGE)
                        .found("a batch of " + (batch.size() + 1) + " lines with " + (collectedBytes + bytes)
                                + " bytes")
                        .expected("at most " + batchBytes)
                        .fix("use a lower number of lines a batch")
                        .with("limit", batchBytes)
                        .exception();
            }
            send();
        }
        claim.take(bytes + RECORD_OVERHEAD_BYTES);
        batch.add(record);
        collectedBytes += bytes;
        collectedLine = lines.line();
        if (batch.size() == batchLines) {
            send();
        }
    }

    /** Hands what was collected to the log. */
    private void send() {
        if (batch.isEmpty()) {
            return;
        }
        var writer = first == null ? null : new WriterSeq(first.id(), first.seq() + batches);
        var held = collectedBytes + (long) RECORD_OVERHEAD_BYTES * batch.size();
        var one = new Sent(nextLine, collectedLine, batch.size(), held, writer);
        var request = new AppendRequest(batch, null, writer);
        synchronized (this) {
            if (failure != null || closed) {
                return;
            }
            sent.add(one);
            sentBytes += held;
            nextLine = collectedLine + 1; // at once, or a stop would name lines that are sent as those to send again
        }
        batch = new ArrayList<>();
        collectedBytes = 0;
        batches++;
        var outcome = append(request);
        synchronized (this) {
            one.outcome = outcome;
        }
        var unused = outcome.whenComplete((appended, failed) -> proceed());
    }

    private CompletableFuture<Appended> append(AppendRequest request) {
        try {
            return log.apply(request);
        } catch (WalException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void end() {
        synchronized (this) {
            whole = true;
        }
        proceed();
    }

    private void fail(Throwable why, long line) {
        synchronized (this) {
            note(why, line);
        }
        proceed();
    }

    private void note(Throwable why, long line) {
        if (failure == null) {
            failure = new Failure(why, line, false);
        }
    }

    /** Returns whether the thread of the body has nothing to do until something is acknowledged or received. */
    private synchronized boolean rests() {
        resting = closed || failure != null || isFull();
        return resting;
    }

    private boolean isFull() {
        return sentBytes >= WINDOW_BYTES
                || sent.size() >= (first == null ? MOST_BATCHES : WriterSeq.REMEMBERED)
                || answers.size() >= ANSWER_BYTES;
    }

    /** Does what became possible: answers, lets the body be read on, ends. */
    private void proceed() {
        byte[] piece = null;
        Failure last = null;
        var ends = false;
        var begins = false;
        var resumes = false;
        synchronized (this) {
            settle();
            if (closed) {
                return;
            }
            if (!writing) {
                ends = sent.isEmpty() && (whole || failure != null);
                if (ends || answers.size() > 0) {
                    piece = answers.toByteArray();
                    answers.reset();
                    begins = !begun;
                    last = failure;
                    begun = true;
                    writing = true;
                    closed = ends;
                }
            }
            if (resting && failure == null && !closed && !isFull()) {
                resting = false;
                resumes = true;
            }
        }
        if (resumes) {
            duplex.resume();
        }
        if (piece != null) {
            answer(piece, begins, ends, last);
        }
    }

    /** Takes the outcomes that are there, in the order of the batches. */
    private void settle() {
        while (true) {
            var one = sent.peek();
            if (one == null || one.outcome == null || !one.outcome.isDone()) {
                return;
            }
            sent.remove();
            sentBytes -= one.bytes;
            claim.give(one.bytes);
            var unused = one.outcome.whenComplete((appended, failed) -> {
                if (failed == null) {
                    answers.writeBytes(line(one, appended));
                } else {
                    failed(one, failed);
                }
            });
        }
    }

    private void failed(Sent one, Throwable why) {
        var unknown = !(FutureErrors.unwrapped(why) instanceof WalException wal)
                || wal.problem().effect() == Effect.UNKNOWN;
        var before = failure;
        // The lowest line counts, from which the client sends again: a batch may fail after a later line was found
        // broken.
        failure = before == null || one.from < before.line()
                ? new Failure(why, one.from, unknown || (before != null && before.unknown()))
                : new Failure(before.why(), before.line(), before.unknown() || unknown);
    }

    private void answer(byte[] piece, boolean begins, boolean ends, @Nullable Failure last) {
        if (!ends) {
            if (begins) {
                duplex.begin(200, NDJSON);
            }
            duplex.write(piece, this::written);
            return;
        }
        over.complete(null);
        if (last == null) {
            if (begins) {
                duplex.begin(200, NDJSON);
            }
            duplex.end(piece);
        } else if (begins && piece.length == 0) {
            duplex.refuse(problem(last));
        } else {
            if (begins) {
                duplex.begin(200, NDJSON);
            }
            var all = new ByteArrayOutputStream();
            all.writeBytes(piece);
            all.writeBytes(line(problem(last)));
            duplex.end(all.toByteArray());
        }
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        proceed();
    }

    private HttpErrors.Answer problem(Failure last) {
        var why = last.why() instanceof CutOff cut ? cut(cut) : last.why();
        var answer = exchange.failure(why).with("line", last.line());
        return last.unknown() ? answer.effect(Effect.UNKNOWN) : answer;
    }

    private Throwable cut(CutOff cut) {
        var cause = FutureErrors.unwrapped(cut.getCause() == null ? cut : cut.getCause());
        var gone = cause instanceof EofException || (cause instanceof IOException && !(cause instanceof HttpException));
        return gone
                ? exchange.problem(ErrorCode.INVALID)
                        .found("a body that is cut off")
                        .expected("the last chunk, of 0 bytes, at its end")
                        .exception()
                : cause;
    }

    private static byte[] line(Sent one, Appended appended) {
        return lineOf(json -> {
            json.writeStartObject();
            json.writeNumberField("line", one.to);
            json.writeNumberField("lines", one.lines);
            json.writeNumberField("term", appended.term());
            json.writeNumberField("first", appended.first());
            json.writeNumberField("last", appended.last());
            json.writeNumberField("tail", appended.tail());
            if (one.writer != null) {
                json.writeNumberField("seq", one.writer.seq());
            }
            if (appended.repeated()) {
                json.writeBooleanField("repeated", true);
            }
            json.writeEndObject();
        });
    }

    private static byte[] line(HttpErrors.Answer problem) {
        return lineOf(json -> {
            json.writeStartObject();
            json.writeFieldName("error");
            ProblemJson.write(json, problem);
            json.writeEndObject();
        });
    }

    private static byte[] lineOf(JsonStreams.Body body) {
        return JsonStreams.bytes(json -> {
            body.write(json);
            json.writeRaw('\n');
        });
    }

    @Override
    public long unfinishedBytes() {
        return lines.partBytes();
    }

    @Override
    public long finishedUnits() {
        return lines.line();
    }

    @Override
    public void broken(Throwable why) {
        synchronized (this) {
            closed = true;
            answers.reset();
        }
        over.complete(null);
    }
}
