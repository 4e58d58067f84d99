package io.seawall.node.peer;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.wal.FutureErrors;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the node that coordinates about a process that is dead. Blocks for as long as a request may take. Thread-safe. */
final class HintTeller {
    private static final Logger LOG = LoggerFactory.getLogger(HintTeller.class);
    private static final String PATH = "/v1/cluster/hints";

    private final Cluster cluster;
    private final PeerTimes times;
    private final PeerLogin login;

    HintTeller(Cluster cluster, PeerTimes times, PeerLogin login) {
        this.cluster = cluster;
        this.times = times;
        this.login = login;
    }

    /**
     * Tells the present coordinator, unless it was told before, or is the process that the hint is about.
     *
     * @param hint the hint; this node's own member of the cluster has it already
     * @param told the nonce of the coordinator that was told last
     * @return the nonce of the one that has been told last now
     */
    String tell(Hint hint, String told) {
        var view = cluster.view();
        var coordinator = view.state().coordinator();
        if (coordinator.isEmpty()
                || coordinator.get().nonce().equals(told)
                || coordinator.get().node().equals(hint.node())) {
            return told;
        }
        var nonce = coordinator.get().nonce();
        if (coordinator.get().node().equals(view.self().node())) {
            cluster.suspect(hint); // this node began to coordinate after it had seen the end of the process
            return nonce;
        }
        return post(hint, coordinator.get()) ? nonce : told;
    }

    private boolean post(Hint hint, Coordinator coordinator) {
        var url = cluster.view().state().node(coordinator.node()).flatMap(node -> PeerUrl.parse(node.urlForPeers()));
        if (url.isEmpty()) {
            return false;
        }
        try (var socket = new PeerSocket(login)) {
            socket.connect(url.get().resolve(), times.connect());
            socket.secure(url.get(), times.connect());
            socket.send("POST", url.get(), PATH, body(hint));
            socket.readWithin(times.connect());
            socket.readHead(socket.in());
            return true;
        } catch (IOException failed) {
            LOG.atWarn()
                    .addKeyValue("coordinator", coordinator.node())
                    .addKeyValue("node", hint.node())
                    .addKeyValue("error", FutureErrors.text(failed))
                    .log("the coordinator could not be told that a process is dead; it is told again later");
            return false;
        }
    }

    private static byte[] body(Hint hint) {
        return JsonStreams.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("node", hint.node());
            json.writeStringField("incarnation", hint.incarnation());
            json.writeStringField("by", hint.by());
            json.writeEndObject();
        });
    }
}
