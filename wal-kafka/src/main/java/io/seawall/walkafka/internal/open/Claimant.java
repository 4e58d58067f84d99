package io.seawall.walkafka.internal.open;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.TopicRules;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims one term of one log: when the log is opened, and again after each error of a lane. Holds the state that all these
 * takeovers share: the author, the nonces of its own claims, the next epoch and the id of the topic. Takeovers run one after the
 * other, so most fields need no lock.
 */
public final class Claimant {
    private static final Logger LOG = LoggerFactory.getLogger(Claimant.class);

    private final PChannel pchannel;
    private final long term;
    private final WalContext shared;
    private final @Nullable ForcedStart forced;
    private final ControlBody.Author author;
    private final Set<String> ownNonces = new HashSet<>();
    private final CopyBytes copyBytes;
    private long epoch; // rises when a claim has won, since its stamp is then used up
    private @Nullable String topicId; // set by the first takeover that describes the topic
    private volatile @Nullable String topicLimit; // written by each takeover, read by the log on its mailbox
    private volatile @Nullable WalException unsafeTopic; // written by each takeover, read for its error
    private final Repetitions repetitions;

    public Claimant(PChannel pchannel, long term, WalContext shared) {
        this(pchannel, term, shared, null);
    }

    /** Creates a claimant that starts the log at a given LSN if {@code forced} is not null. */
    Claimant(PChannel pchannel, long term, WalContext shared, @Nullable ForcedStart forced) {
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

    public PChannel pchannel() {
        return pchannel;
    }

    /** Returns Kafka's id of the topic that was opened. */
    public String topicId() {
        return Objects.requireNonNull(topicId, "nothing was opened yet");
    }

    /** Returns the topic's max.message.bytes as of the last takeover; null before the first one. */
    @Nullable
    public String topicLimit() {
        return topicLimit;
    }

    /** Returns the problem that the last takeover found in the topic's settings, or null. */
    @Nullable
    WalException unsafeTopic() {
        return unsafeTopic;
    }

    /** Returns the limiter for the log lines of takeovers, which may be tried many times. */
    public Repetitions repetitions() {
        return repetitions;
    }

    public ControlBody.Author author() {
        return author;
    }

    /** Returns the stamp of the next claim. */
    public Stamp stamp() {
        return new Stamp(term, epoch);
    }

    public boolean isOwn(@Nullable String nonce) {
        return nonce != null && ownNonces.contains(nonce);
    }

    /**
     * Creates the next attempt to open the log.
     *
     * @throws WalException if the topic was created again since the first attempt, lacks the partition, or has unsafe settings
     *     that this opening refuses
     */
    OpeningAttempt attempt(TopicAdmin.Facts topic, OpeningAttempt.Driver driver) {
        verify(topic);
        topicId = topic.id();
        topicLimit = topic.settings().get(TopicRules.MAX_BYTES);
        var request = new OpeningAttempt.Request(pchannel, stamp(), topic.id(), author, shared, forced, copyBytes);
        return new OpeningAttempt(request, ownNonces, driver);
    }

    /** Returns how many bytes the next attempt republishes in one transaction. */
    CopyBytes copyBytes() {
        return copyBytes;
    }

    /** Raises the epoch, since a claim with the current stamp has won. */
    public void stampUsed() {
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
        var problem = TopicRules.problem(pchannel, topic, shared.settings());
        unsafeTopic = problem;
        if (problem == null) {
            return;
        }
        // Unsafe settings do not end a log that is in use; its next opening refuses them.
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

    public String operation() {
        return (forced == null ? "open " : "restore ") + pchannel + " at term " + term;
    }
}
