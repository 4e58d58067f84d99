package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance that claims one term of one log, as often as it has to: at the opening, and again after each error of a lane.
 * Keeps what its takeovers share: who it is, which claims are its own, which epoch is next, which topic it opened. Takeovers
 * follow each other, so nothing here is guarded.
 */
final class Claimant {
    private static final Logger LOG = LoggerFactory.getLogger(Claimant.class);

    private final PChannel pchannel;
    private final long term;
    private final Shared shared;
    private final @Nullable ForcedStart forced;
    private final ControlBody.Author author;
    private final Set<String> ownNonces = new HashSet<>();
    private final CopyBytes copyBytes;
    private long epoch; // rises once a claim of it has won: its stamp is then used up
    private @Nullable String topicId; // since the first takeover that saw the topic
    private volatile @Nullable String topicLimit; // written by each takeover, read by the log
    private volatile @Nullable WalException unsafeTopic; // likewise
    private final Repetitions repetitions;

    Claimant(PChannel pchannel, long term, Shared shared) {
        this(pchannel, term, shared, null);
    }

    /** One that begins a log anew; see {@link ForcedStart}. */
    Claimant(PChannel pchannel, long term, Shared shared, @Nullable ForcedStart forced) {
        this.forced = forced;
        this.pchannel = pchannel;
        this.term = term;
        this.shared = shared;
        this.copyBytes = CopyBytes.upTo(shared.settings().lease().rollBytes());
        this.repetitions = new Repetitions(shared.time());
        var node = shared.node();
        this.author = new ControlBody.Author(
                node.node(), node.node() + "/" + shared.nonce(), node.url().get());
    }

    PChannel pchannel() {
        return pchannel;
    }

    /** Kafka's id of the topic that was opened. */
    String topicId() {
        return Objects.requireNonNull(topicId, "nothing was opened yet");
    }

    /** What max.message.bytes of the topic was at the last takeover; null before the first. */
    @Nullable
    String topicLimit() {
        return topicLimit;
    }

    /** What is wrong with the topic's settings, as the last takeover found them; null for nothing. */
    @Nullable
    WalException unsafeTopic() {
        return unsafeTopic;
    }

    /** For the log lines of its takeovers, which may be many. */
    Repetitions repetitions() {
        return repetitions;
    }

    ControlBody.Author author() {
        return author;
    }

    /** The stamp that the next claim carries. */
    Stamp stamp() {
        return new Stamp(term, epoch);
    }

    boolean isOwn(@Nullable String nonce) {
        return nonce != null && ownNonces.contains(nonce);
    }

    /** The next pass through the steps of opening. */
    OpeningAttempt attempt(TopicAdmin.Facts topic, OpeningAttempt.Driver driver) {
        verify(topic);
        topicId = topic.id();
        topicLimit = topic.settings().get(Topics.MAX_BYTES);
        var request = new OpeningAttempt.Request(pchannel, stamp(), topic.id(), author, shared, forced, copyBytes);
        return new OpeningAttempt(request, ownNonces, driver);
    }

    /** How much the next attempt writes again in one transaction. */
    CopyBytes copyBytes() {
        return copyBytes;
    }

    /** Notes that a claim of the present stamp has won. */
    void stampUsed() {
        epoch++;
    }

    private void verify(TopicAdmin.Facts topic) {
        var opened = topicId;
        if (opened != null && !opened.equals(topic.id())) {
            throw Problem.of(ErrorCode.NOT_FOUND, operation())
                    .pchannel(pchannel)
                    .found("a topic that was deleted and created again (id " + topic.id() + ")")
                    .expected("the one that was opened (id " + opened + ")")
                    .fix("open the new log at a term of its own")
                    .exception();
        }
        var problem = Topics.problem(pchannel, topic, shared.settings());
        unsafeTopic = problem;
        if (problem == null) {
            return;
        }
        // A log that is in use is not given up over a setting: the next opening refuses it.
        if (problem.code() == ErrorCode.NOT_FOUND || (shared.strictTopics() && opened == null)) {
            throw problem;
        }
        repetitions
                .line("unsafe topic: " + problem.getMessage())
                .ifPresent(leftOut -> LOG.atWarn()
                        .setMessage("topic settings are unsafe")
                        .addKeyValue("pchannel", pchannel)
                        .addKeyValue("error", problem.getMessage())
                        .addKeyValue("leftOut", leftOut)
                        .log());
    }

    String operation() {
        return (forced == null ? "open " : "restore ") + pchannel + " at term " + term;
    }
}
