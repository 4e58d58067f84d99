package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one term, with as many attempts as its deadline allows: whoever is fenced before its claim is committed starts again
 * from the look, after a random pause, so that two openers do not duel for long.
 */
final class TermOpening implements Opening {
    private static final Logger LOG = LoggerFactory.getLogger(TermOpening.class);
    private static final int LONGEST_PAUSE_MS = 200;

    private final PChannel pchannel;
    private final long term;
    private final Shared shared;
    private final ControlBody.Author author;
    private final Time.Deadline deadline;
    private final long startedMs;
    private final CompletableFuture<Wal> result = new CompletableFuture<>();
    private final Set<String> ownNonces = new HashSet<>(); // attempts follow each other
    private long epoch; // likewise; rises once an attempt has won its claim, whose stamp is then used up
    private volatile boolean cancelled; // written by cancel, read between steps
    private volatile @Nullable OpeningAttempt attempt; // written by the opening, read by cancel
    private volatile @Nullable Throwable lastError; // likewise
    private volatile @Nullable RuntimeException stopped; // likewise

    TermOpening(PChannel pchannel, long term, Shared shared) {
        this.pchannel = pchannel;
        this.term = term;
        this.shared = shared;
        var node = shared.node();
        this.author = new ControlBody.Author(
                node.node(), node.node() + "/" + shared.nonce(), node.url().get());
        this.deadline = shared.time().deadline(shared.settings().timeouts().open());
        this.startedMs = shared.time().elapsedMs();
    }

    @Override
    public CompletableFuture<Wal> wal() {
        return result;
    }

    @Override
    public void cancel() {
        cancelled = true;
        closeAttempt();
    }

    /** Ends what is under way; an attempt that is done by now keeps what it made. */
    private void closeAttempt() {
        var current = attempt;
        if (current != null) {
            // Off this thread: releasing a producer joins its own.
            try {
                shared.io().execute(current::close);
            } catch (RejectedExecutionException closing) {
                current.close();
            }
        }
    }

    void start() {
        // Kafka's calls may block for long: at the deadline they are cut off.
        shared.time().after(shared.settings().timeouts().open().toMillis(), this::closeAttempt);
        var described = shared.topics().describe(pchannel.topic());
        // Not on the admin client's thread: an attempt makes clients.
        var opened = described.thenComposeAsync(
                facts -> {
                    verify(facts);
                    return attempt(facts.id());
                },
                shared.io());
        Futures.listen(opened, (log, error) -> {
            if (error == null) {
                complete(log);
            } else {
                result.completeExceptionally(KafkaErrors.walException(operation(), pchannel, error));
            }
        });
    }

    private void verify(TopicAdmin.Facts facts) {
        var problem = Topics.problem(pchannel, facts, shared.settings());
        if (problem != null && (shared.strictTopics() || problem.code() == ErrorCode.NOT_FOUND)) {
            throw problem;
        }
        if (problem != null) {
            LOG.atWarn()
                    .setMessage("topic settings are unsafe")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", problem.getMessage())
                    .log();
        }
    }

    private CompletableFuture<OpenedLog> attempt(String topicId) {
        var request = new OpeningAttempt.Request(pchannel, new Stamp(term, epoch), topicId, author, shared);
        var current = new OpeningAttempt(request, ownNonces, this::reasonToStop);
        attempt = current;
        return current.run().exceptionallyCompose(wrapped -> {
            var error = Futures.unwrapped(wrapped);
            current.close();
            if (error != stopped) {
                lastError = error;
            }
            epoch += current.isClaimed() ? 1 : 0;
            var stop = isWorthAnotherAttempt(error)
                    ? reasonToStop()
                    : KafkaErrors.walException(operation(), pchannel, error);
            if (stop != null) {
                return CompletableFuture.failedFuture(stop);
            }
            LOG.atInfo()
                    .setMessage("opening starts again")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("term", term)
                    .addKeyValue("error", String.valueOf(error.getMessage()))
                    .log();
            var pause = Duration.ofMillis(1 + shared.random().nextInt(LONGEST_PAUSE_MS));
            return shared.time().pause(pause).thenComposeAsync(paused -> attempt(topicId), shared.io());
        });
    }

    private static boolean isWorthAnotherAttempt(Throwable error) {
        if (error instanceof LaneFault fault) {
            return fault.kind() == LaneFault.Kind.FENCED || fault.kind() == LaneFault.Kind.UNAVAILABLE;
        }
        // SHUTTING_DOWN: the attempt was closed under way, for a reason that is asked for next.
        return error instanceof WalException problem
                && (problem.code() == ErrorCode.UNAVAILABLE || problem.code() == ErrorCode.SHUTTING_DOWN);
    }

    /** Why to stop, the same each time from the first time on; null to go on. */
    private @Nullable RuntimeException reasonToStop() {
        if (stopped == null && cancelled) {
            stopped = OpeningAttempt.cancelledProblem(operation(), pchannel);
        } else if (stopped == null && deadline.isPast()) {
            stopped = outOfTime();
        }
        return stopped;
    }

    private WalException outOfTime() {
        var current = attempt;
        var last = lastError;
        var problem = Problem.of(ErrorCode.UNAVAILABLE, operation())
                .pchannel(pchannel)
                .found("still " + (current == null ? "looking for the topic" : current.doing())
                        + (last == null ? "" : "; before that: " + last.getMessage()))
                .expected("to be done within " + shared.settings().timeouts().open() + " (wal.open.timeout.ms)")
                .fix("see whether Kafka's brokers answer and whether another transaction is open on the partition");
        return (last == null ? problem : problem.cause(last)).exception();
    }

    private void complete(OpenedLog opened) {
        LOG.atInfo()
                .setMessage("log opened")
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("term", term)
                .addKeyValue("tail", opened.tail())
                .addKeyValue("republished", opened.republished())
                .addKeyValue("durationMs", shared.time().elapsedMs() - startedMs)
                .log();
        var diagnosis = new FenceDiagnosis(pchannel, opened.stamp(), shared);
        var wal = new KafkaWal(opened, shared, author, diagnosis::run);
        if (!result.complete(wal)) {
            wal.close();
        }
    }

    private String operation() {
        return "open " + pchannel + " at term " + term;
    }
}
