package io.seawall.node.http.exchange;

import io.seawall.node.http.json.Shown;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Rejects bodies whose bytes would be interpreted differently than their headers state. */
final class BodyRules {
    private BodyRules() {}

    /**
     * Checks the headers that describe how the body was encoded.
     *
     * @throws HttpRefusal with status 415 for an encoded body, 501 for a transfer coding that Jetty does not decode, 400 for
     *     a partial body
     */
    static void check(String operation, Request request) {
        var headers = request.getHeaders();
        var encoding = String.join(", ", headers.getValuesList(HttpHeader.CONTENT_ENCODING));
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            var refusal = HttpRefusal.of(
                    415, operation, "Content-Encoding " + Shown.text(encoding), "a body that is not encoded");
            throw new HttpRefusal(415, refusal.problem(), Map.of("Accept-Encoding", "identity"));
        }
        var transfer = String.join(", ", headers.getValuesList(HttpHeader.TRANSFER_ENCODING));
        if (!transfer.isEmpty() && !transfer.equalsIgnoreCase("chunked")) {
            throw HttpRefusal.of(501, operation, "Transfer-Encoding " + Shown.text(transfer), "chunked or none");
        }
        if (headers.contains(HttpHeader.CONTENT_RANGE)) {
            throw HttpRefusal.of(400, operation, "Content-Range, that is, a partial body", "the whole body");
        }
    }

    /**
     * Checks the parameters of a JSON body's type.
     *
     * @throws HttpRefusal with status 415 for a charset other than UTF-8
     */
    static void checkCharset(String operation, String contentType) {
        var parameters = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        HttpField.getValueParameters(contentType, parameters);
        var charset = parameters.getOrDefault("charset", "utf-8");
        if (!"utf-8".equalsIgnoreCase(charset)) {
            throw HttpRefusal.of(415, operation, "charset " + Shown.text(String.valueOf(charset)), "utf-8");
        }
    }
}
