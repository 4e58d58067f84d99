package io.seawall.node.peer;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.PeerLink.Target;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a link to each other node whose record the cluster's state has, so that the end of a process is known within milliseconds
 * and not after a session of Kafka's group. {@link DeathRule} says what counts as its end. It is reported to this node's own member
 * of the cluster, and to the node that coordinates. As terms are fenced by storage, a wrong report costs a move of the process's
 * logs and nothing else.
 *
 * <p><b>Security.</b> Every program that a node serves over HTTP can report that a process is dead ({@code POST /v1/cluster/hints}), and so
 * make the cluster move its logs; with {@code tls.client.ca} these are the programs that have a certificate. The coordinator takes at most one report per node and
 * second, and a process that is alive takes part again at once. The same holds for a firewall or a proxy that resets a node's
 * connections and refuses new ones: the URL of a node must lead to its process, without a proxy in between.
 *
 * <p>Thread-safe. Each link has a thread.
 */
public final class PeerLinks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);

    /** Each link costs a thread and two sockets in the cluster; nodes beyond it are left to Kafka's session. */
    private static final int MOST_LINKS = 256;

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final boolean hints;
    private final PeerTimes times;
    private final PeerLogin login;
    private final RandomGenerator random;
    private final HintTeller teller;
    private final AtomicLong hinted = new AtomicLong();

    /** The links by node, and their threads. Guarded by itself. */
    private final Map<String, PeerLink> links = new HashMap<>();

    private final List<Thread> threads = new ArrayList<>(); // guarded by links
    private final Map<String, Target> unlinked = new HashMap<>(); // processes without a link, by node; guarded by links
    private boolean closed; // guarded by links
    private String coordinator = ""; // the nonce of the last view; guarded by links

    /** The processes that are dead, and the nonce of the coordinator that was told last. Written by each link's thread. */
    private final Map<Target, String> dead = new ConcurrentHashMap<>();

    /**
     * Creates links that are not started.
     *
     * @param cluster the cluster
     * @param hints whether to report processes that are dead; without, links only carry rates
     * @param metrics the node's meters
     * @param random spreads the attempts of many nodes
     * @param login shows other nodes who this one is
     */
    public PeerLinks(Cluster cluster, boolean hints, NodeMetrics metrics, RandomGenerator random, PeerLogin login) {
        this(cluster, hints, metrics, random, login, PeerTimes.DEFAULTS);
    }

    /** Like the public constructor, with other times. */
    PeerLinks(
            Cluster cluster,
            boolean hints,
            NodeMetrics metrics,
            RandomGenerator random,
            PeerLogin login,
            PeerTimes times) {
        this.cluster = cluster;
        this.hints = hints;
        this.times = times;
        this.login = login;
        this.random = random;
        this.teller = new HintTeller(cluster, times, login);
        metrics.gauge("seawall.peers.connected", "other nodes whose process answers on a link", this::connected);
        metrics.count("seawall.peers.hints", "processes of other nodes that this node found dead", hinted::get);
    }

    /** Follows the cluster from now on. Called once. */
    public void start() {
        cluster.addListener(this::onView);
    }

    private void onView(ClusterView view) {
        if (!view.current()) {
            return; // the records of nodes that are there now may still be unread
        }
        var wanted = targets(view);
        synchronized (links) {
            if (closed) {
                return;
            }
            links.values().removeIf(link -> {
                var over = !link.target().equals(wanted.get(link.target().node()));
                if (over) {
                    link.end();
                    dead.remove(link.target());
                }
                return over;
            });
            threads.removeIf(thread -> !thread.isAlive());
            unlinked.keySet().retainAll(wanted.keySet());
            var own = view.state().node(view.self()).map(Node::urlForPeers).orElse("");
            wanted.values().forEach(target -> begin(target, view.self().node(), own));
            var nonce = view.state().coordinator().map(Coordinator::nonce).orElse("");
            if (!nonce.equals(coordinator)) {
                coordinator = nonce;
                links.values().stream()
                        .filter(link -> dead.containsKey(link.target()))
                        .forEach(PeerLink::wake);
            }
        }
    }

    private static Map<String, Target> targets(ClusterView view) {
        var targets = new HashMap<String, Target>();
        for (var node : view.state().nodes()) {
            if (!node.id().equals(view.self().node())) {
                targets.put(node.id(), new Target(node.id(), node.incarnation(), node.urlForPeers()));
            }
        }
        return targets;
    }

    /** Begins a link, unless there is one. Called under the lock. */
    private void begin(Target target, String self, String own) {
        if (links.containsKey(target.node())) {
            return;
        }
        var url = PeerUrl.parse(target.url());
        var obstacle = url.isEmpty()
                ? "its URL for peers is none with http or https"
                : target.url().equals(own)
                        ? "it announces the URL of this node"
                        : links.size() >= MOST_LINKS ? "there are " + MOST_LINKS + " links already" : "";
        if (url.isEmpty() || !obstacle.isEmpty()) {
            unlinked(target, obstacle);
            return;
        }
        unlinked.remove(target.node());
        var link = new PeerLink(target, url.get(), self, new Reports(), times, login, this::jitter);
        links.put(target.node(), link);
        var thread = new Thread(link, "seawall-peer-" + target.node());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Says once for each process why there is no link to it: the end of that process costs a session of Kafka's group. */
    private void unlinked(Target target, String obstacle) {
        if (!target.equals(unlinked.put(target.node(), target))) {
            LOG.atWarn()
                    .addKeyValue("node", target.node())
                    .addKeyValue("url", target.url())
                    .addKeyValue("reason", obstacle)
                    .log(
                            "no link to another node, so its death is found by Kafka's session alone, and its rates are missing");
        }
    }

    private double jitter() {
        synchronized (random) { // generators are not thread-safe
            return random.nextDouble();
        }
    }

    /** Returns to how many nodes a link is up. */
    int connected() {
        synchronized (links) {
            return (int) links.values().stream().filter(PeerLink::isUp).count();
        }
    }

    /** Returns how many attempts of the link to a node have ended, for tests; -1 if there is no link. */
    int attempts(String node) {
        synchronized (links) {
            var link = links.get(node);
            return link == null ? -1 : link.attempts();
        }
    }

    /** Returns how many links there are, for tests. */
    int size() {
        synchronized (links) {
            return links.size();
        }
    }

    /** What links report. */
    private final class Reports implements PeerLink.Listener {
        @Override
        public void onMet(Target target) {
            dead.remove(target);
        }

        @Override
        public void onDead(Target target) {
            if (!hints) {
                return;
            }
            cluster.suspect(hint(target)); // first, since each millisecond counts
            hinted.incrementAndGet();
            LOG.atWarn()
                    .addKeyValue("node", target.node())
                    .addKeyValue("incarnation", target.incarnation())
                    .log("a process of another node is dead: its connection was cut, and the next one refused");
            remember(target);
        }

        private void remember(Target target) {
            synchronized (links) {
                var link = links.get(target.node());
                if (link != null && link.target().equals(target)) {
                    // Its own member has it already, so the coordinator is told only if it is another node.
                    var view = cluster.view();
                    var told = view.state()
                            .coordinator()
                            .filter(leader -> leader.node().equals(view.self().node()))
                            .map(Coordinator::nonce)
                            .orElse("");
                    dead.put(target, told);
                }
            }
        }

        @Override
        public void onPause(Target target) {
            var told = dead.get(target);
            if (told != null) {
                dead.replace(target, told, teller.tell(hint(target), told)); // unless the process was met meanwhile
            }
        }

        @Override
        public void onRates(Target target, Map<PChannel, Long> rates) {
            cluster.rates(rates);
        }

        private Hint hint(Target target) {
            return new Hint(
                    target.node(), target.incarnation(), cluster.view().self().node());
        }
    }

    /** Ends all links. Blocks for a bounded time. */
    @Override
    public void close() {
        List<Thread> left;
        synchronized (links) {
            closed = true;
            links.values().forEach(PeerLink::end);
            links.clear();
            dead.clear();
            left = List.copyOf(threads);
        }
        try {
            for (var thread : left) {
                TimeUnit.MILLISECONDS.timedJoin(thread, Math.max(1, CLOSE.toMillis() / left.size()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
