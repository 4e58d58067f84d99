package io.seawall.node.http.exchange;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Owners;
import io.seawall.node.ports.Owners.Owner;
import io.seawall.node.serve.RequestRouting;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests that only the owner of a log can serve, as {@link RequestRouting} does: a client is sent to the owner with 307.
 * Without a cluster, a request goes to the node that the log itself names as its holder, as {@link OwnerRedirect} does.
 */
public final class OwnerRouting implements AutoCloseable {
    private final RequestRouting requests;
    private final OwnerRedirect redirect;
    private final BoundedPool work;

    /**
     * Creates a routing that holds nothing yet.
     *
     * @param assignments the logs of this node
     * @param owners the owners by the cluster's state, or null without a cluster
     * @param redirect redirects to the holder that a log names
     * @param work asks Kafka whether a log exists that the cluster's state lacks
     * @param metrics counts held requests
     * @param nanoTime a monotonic clock
     */
    public OwnerRouting(
            Assignments assignments,
            @Nullable Owners owners,
            OwnerRedirect redirect,
            BoundedPool work,
            NodeMetrics metrics,
            LongSupplier nanoTime) {
        this.requests = new RequestRouting(assignments, owners, "http", metrics, nanoTime);
        this.redirect = redirect;
        this.work = work;
    }

    /** Begins with a request. */
    public Routed route(Exchange exchange, PChannel pchannel) {
        return new Routed(requests.route(new ExchangeClient(exchange, pchannel), pchannel));
    }

    /** A request on its way. Used by one thread at a time. */
    public static final class Routed {
        private final RequestRouting.Routed request;

        private Routed(RequestRouting.Routed request) {
            this.request = request;
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
            request.failed(failure, bodyBytes, again);
        }
    }

    private final class ExchangeClient implements RequestRouting.Client {
        private final Exchange exchange;
        private final PChannel pchannel;

        ExchangeClient(Exchange exchange, PChannel pchannel) {
            this.exchange = exchange;
            this.pchannel = pchannel;
        }

        @Override
        public String operation() {
            return exchange.operation();
        }

        @Override
        public void fail(Throwable failure) {
            exchange.fail(failure);
        }

        @Override
        public void redirect(Owner owner, WalException notHere) {
            var headers = Map.of("Location", owner.url() + exchange.pathAndQuery());
            exchange.fail(new HttpRefusal(307, notHere.problem(), headers));
        }

        @Override
        public void withoutCluster(Throwable failure) {
            redirect.fail(exchange, pchannel, failure);
        }

        @Override
        public void runBlocking(Runnable task) {
            work.run(exchange, task);
        }
    }

    /** Answers all requests that are held, and holds none any more; see {@link RequestRouting#close}. */
    @Override
    public void close() {
        requests.close();
    }

    /** Ends the thread, after {@link #close} and when no request is left. */
    public void stop() {
        requests.stop();
    }
}
