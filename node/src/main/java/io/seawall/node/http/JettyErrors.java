package io.seawall.node.http;

import io.seawall.node.http.exchange.HttpErrors;
import io.seawall.node.http.exchange.ProblemJson;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Writes Jetty's own errors, such as headers that are too large, in the same form as ours. */
final class JettyErrors extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true; // By default Jetty has error pages for GET, HEAD and POST only.
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemJson.CONTENT_TYPE);
        response.write(true, ByteBuffer.wrap(HttpErrors.jetty(code, message).body(false)), callback);
    }
}
