package io.seawall.node;

import io.seawall.lifetime.WalManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes the logs of a topic while a client waits for a change of that topic. */
final class TopicLogs implements NodeTopics.Logs {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLogs.class);
    private static final Duration OPEN_AFTER_CREATE = Duration.ofSeconds(15);
    private static final Duration REMOVE_BEFORE_DELETE = Duration.ofSeconds(15);

    private final WalManager lifetimes;
    private final Supplier<CompletableFuture<Void>> openAll;

    /**
     * Creates an instance.
     *
     * @param lifetimes the logs of this node
     * @param openAll opens every log that this node is to own; completes when they are open
     */
    TopicLogs(WalManager lifetimes, Supplier<CompletableFuture<Void>> openAll) {
        this.lifetimes = lifetimes;
        this.openAll = openAll;
    }

    /**
     * Opens the logs of a new topic, so that an append right after its creation succeeds. A log that is not open in time opens a
     * little later.
     */
    @Override
    public void open(String topic) {
        await(
                openAll.get(),
                OPEN_AFTER_CREATE,
                topic,
                "not every pchannel was open when its topic's creation was answered");
    }

    /** Closes the open logs of a topic, because an open log ends with an error when its topic is deleted. */
    @Override
    public void close(String topic) {
        var removals = lifetimes.statuses().stream()
                .filter(status -> status.pchannel().topic().equals(topic))
                .filter(status -> status.expected().available())
                .map(status ->
                        lifetimes.remove(status.pchannel(), status.expected().term()))
                .toArray(CompletableFuture<?>[]::new);
        await(
                CompletableFuture.allOf(removals),
                REMOVE_BEFORE_DELETE,
                topic,
                "not every pchannel was closed before its topic is deleted");
    }

    private static void await(CompletableFuture<Void> done, Duration longest, String topic, String otherwise) {
        done.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    LOG.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("error", late.toString())
                            .log(otherwise);
                    return null;
                })
                .join();
    }
}
