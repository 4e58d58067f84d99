package io.seawall.node.http.exchange;

import io.seawall.node.http.coding.Coding;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer whose length is not known. It is packed if the client accepts that, unless the first piece that is written is
 * small: so the caller should collect small pieces. Used by one thread.
 */
final class AnswerStream extends OutputStream {
    /** Below it, packing gains nothing. */
    static final int SMALL_BYTES = 1 << 10;

    private final Request request;
    private final Response response;
    private final Coding coding;
    private @Nullable OutputStream out;

    /** Creates a stream; the head of the answer must not be written yet. */
    AnswerStream(Request request, Response response, Coding coding) {
        this.request = request;
        this.response = response;
        this.coding = coding;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out(length).write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        out(0).close();
    }

    private OutputStream out(int firstBytes) throws IOException {
        if (out == null) {
            var body = Content.Sink.asOutputStream(response);
            out = coding == Coding.IDENTITY || firstBytes < SMALL_BYTES ? body : packing(body);
        }
        return out;
    }

    private OutputStream packing(OutputStream body) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_ENCODING, coding.token());
        var detachable = new Detachable(body);
        var packing = coding.packing(detachable);
        // An answer that fails is not closed, and the memory outside the heap has to be freed nevertheless.
        Request.addCompletionListener(request, failure -> {
            detachable.detach();
            try {
                packing.close();
            } catch (IOException e) {
                throw new IllegalStateException("nothing is written any more", e);
            }
        });
        return packing;
    }

    /** Drops what is written after the answer. */
    private static final class Detachable extends FilterOutputStream {
        Detachable(OutputStream out) {
            super(out);
        }

        void detach() {
            out = OutputStream.nullOutputStream();
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }
    }
}
