package io.seawall.node;

import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.function.Supplier;

/** Whether Kafka answers and everything expected is open. One thread calls {@link #look}, which blocks; anyone may ask. */
final class KafkaWatch implements Readiness {
    private final Runnable ask;
    private final Supplier<List<PChannelStatus>> local;
    private volatile Check kafka = new Check("kafka", false, "not asked yet"); // written by look, read by anyone

    /**
     * A watch.
     *
     * @param ask asks Kafka something; throws a {@link WalException} if it does not answer
     * @param local the pchannels that this node has an expectation for
     */
    KafkaWatch(Runnable ask, Supplier<List<PChannelStatus>> local) {
        this.ask = ask;
        this.local = local;
    }

    /** Asks Kafka. */
    void look() {
        try {
            ask.run();
            kafka = new Check("kafka", true, "answers");
        } catch (WalException error) {
            kafka = new Check("kafka", false, error.code() + ": " + error.getMessage());
        }
    }

    @Override
    public List<Check> checks() {
        var all = local.get();
        var waiting = all.stream()
                .filter(status -> status.state() == PChannelState.OPENING || status.cause() != null)
                .map(status -> status.pchannel().toString())
                .limit(10)
                .toList();
        var detail = waiting.isEmpty() ? all.size() + " as expected" : "not as expected: " + String.join(", ", waiting);
        return List.of(kafka, new Check("pchannels", waiting.isEmpty(), detail));
    }
}
