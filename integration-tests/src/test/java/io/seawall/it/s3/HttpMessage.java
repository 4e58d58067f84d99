package io.seawall.it.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of an HTTP/1.1 request or answer; also copies the body after it.
 *
 * @param start the request or status line
 * @param headers the other lines, unchanged
 */
record HttpMessage(String start, List<String> headers) {
    private static final int BUFFER_BYTES = 16 * 1024;

    /** Receives a body. */
    interface Sink {
        /**
         * Receives a part of the body.
         *
         * @return whether it wants more
         */
        boolean take(byte[] bytes, int length) throws IOException;
    }

    /** Reads a head; empty at the end of the stream. */
    static Optional<HttpMessage> read(InputStream in) throws IOException {
        var start = line(in);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        var headers = new ArrayList<String>();
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            headers.add(header);
        }
        return Optional.of(new HttpMessage(start, headers));
    }

    HttpMessage without(String name) {
        return new HttpMessage(
                start, headers.stream().filter(header -> !isNamed(header, name)).toList());
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> isNamed(header, name))
                .map(header -> header.substring(header.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static boolean isNamed(String header, String name) {
        return header.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
    }

    void write(OutputStream out) throws IOException {
        var text = new StringBuilder(start).append("\r\n");
        headers.forEach(header -> text.append(header).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /**
     * Copies the body unchanged, including the chunk headers if it has any.
     *
     * @return whether the sink received all of it
     */
    boolean copyBody(InputStream in, Sink sink) throws IOException {
        if (header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return copyChunks(in, sink);
        }
        var length = header("Content-Length").map(Long::parseLong).orElse(0L);
        return copy(in, length, sink);
    }

    private static boolean copyChunks(InputStream in, Sink sink) throws IOException {
        while (true) {
            var mark = line(in);
            var length = Long.parseLong(mark.split(";", 2)[0].strip(), 16);
            if (!take(sink, mark + "\r\n")) {
                return false;
            }
            if (length == 0) {
                for (var trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
                    if (!take(sink, trailer + "\r\n")) {
                        return false;
                    }
                }
                return take(sink, "\r\n");
            }
            // Includes the end of the line after the chunk.
            if (!copy(in, length + 2, sink)) {
                return false;
            }
        }
    }

    private static boolean take(Sink sink, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return sink.take(bytes, bytes.length);
    }

    private static boolean copy(InputStream in, long length, Sink sink) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        for (var left = length; left > 0; ) {
            var count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new EOFException(left + " bytes of a body are missing");
            }
            if (!sink.take(buffer, count)) {
                return false;
            }
            left -= count;
        }
        return true;
    }

    private static String line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                bytes.write(next);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
