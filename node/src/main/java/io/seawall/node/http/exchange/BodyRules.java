package io.seawall.node.http.exchange;

import io.seawall.node.http.coding.Coding;
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
     * Checks the headers that describe how the body was encoded, and returns its coding.
     *
     * @throws HttpRefusal with status 415 for a coding that is not known or for more than one, 501 for a transfer coding that Jetty
     *     does not decode, 400 for a partial body
     */
    static Coding coding(String operation, Request request) {
        checkWhole(operation, request);
        var encoding = encoding(request);
        return encoding.isEmpty()
                ? Coding.IDENTITY
                : Coding.of(encoding)
                        .orElseThrow(() -> notThat(operation, encoding, "one of " + Coding.ALL, Coding.ALL));
    }

    /**
     * Checks the headers of a body that is used while it arrives, and so must not be packed.
     *
     * @throws HttpRefusal as {@link #coding} does, and with status 415 for a body that is packed
     */
    static void checkPlain(String operation, Request request) {
        checkWhole(operation, request);
        var encoding = encoding(request);
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase(Coding.IDENTITY.token())) {
            throw notThat(operation, encoding, "a stream that is not encoded", Coding.IDENTITY.token());
        }
    }

    private static String encoding(Request request) {
        return String.join(", ", request.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING));
    }

    private static HttpRefusal notThat(String operation, String encoding, String expected, String accepted) {
        var refusal = HttpRefusal.of(415, operation, "Content-Encoding " + Shown.text(encoding), expected);
        return new HttpRefusal(415, refusal.problem(), Map.of("Accept-Encoding", accepted));
    }

    private static void checkWhole(String operation, Request request) {
        var headers = request.getHeaders();
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
