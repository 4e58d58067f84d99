package io.seawall.node.http;

import io.seawall.node.access.Need;
import io.seawall.node.access.Presented;
import io.seawall.node.guard.AccessGuard;
import io.seawall.node.guard.Ask;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Lets requests in whose caller may send them. Thread-safe; does not block. */
final class HttpAccess {
    private final Optional<AccessGuard> guard;

    /**
     * Creates the access.
     *
     * @param guard decides; if it is empty, everybody may do everything
     */
    HttpAccess(Optional<AccessGuard> guard) {
        this.guard = guard;
    }

    /**
     * Finds the caller of a request, and tells the exchange.
     *
     * @throws io.seawall.wal.WalException if the caller may not send it
     */
    void admit(Request request, Response response, Router.Match match, Exchange exchange) {
        if (guard.isEmpty() || RouteNeeds.isOpen(match.route())) {
            return;
        }
        var ask = new Ask(
                exchange.operation(),
                Presented.of(request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION), subject(request)),
                request.getConnectionMetaData().getRemoteSocketAddress());
        var session = guard.get().identify(ask);
        Need need = RouteNeeds.of(match);
        session.require(need);
        exchange.by(session);
        Request.addCompletionListener(
                request, failure -> session.finished(failure == null ? "status " + response.getStatus() : "cut off"));
    }

    /** Returns the subject of the certificate that the client has shown, which the handshake has verified. */
    private static Optional<X500Principal> subject(Request request) {
        var tls = request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        var chain = tls == null ? null : tls.peerCertificates();
        return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0].getSubjectX500Principal());
    }
}
