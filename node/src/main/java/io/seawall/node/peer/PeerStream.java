package io.seawall.node.peer;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** One attempt to follow a peer's stream. Blocks a thread; another thread may close it. */
final class PeerStream implements Closeable {
    private static final int MOST_CHUNK_HEAD_BYTES = 256;
    private static final byte[] NO_BODY = {};

    private final PeerSocket socket;
    private final PeerTimes times;
    private String detail = "";

    PeerStream(PeerTimes times, PeerLogin login) {
        this.socket = new PeerSocket(login);
        this.times = times;
    }

    /** Receives the lines of a stream. */
    @FunctionalInterface
    interface Lines {
        /**
         * A line was read.
         *
         * @param line its bytes without the newline
         * @throws IOException ends the attempt
         */
        void onLine(byte[] line) throws IOException;
    }

    /**
     * Connects, asks for the stream and reads it until it ends.
     *
     * @param address the peer's address
     * @param connect how long the connection may take
     * @param url where the peer serves
     * @param path the stream's path
     * @param lines receives the lines
     * @return how it ended
     */
    StreamEnd follow(InetSocketAddress address, Duration connect, PeerUrl url, String path, Lines lines) {
        try {
            socket.connect(address, connect);
        } catch (ConnectException refused) {
            return ended(StreamEnd.REFUSED, refused);
        } catch (IOException failed) {
            return ended(isReset(failed) ? StreamEnd.CUT_BEFORE_ANSWER : StreamEnd.OTHER, failed);
        }
        try {
            socket.secure(url, times.connect());
        } catch (IOException failed) { // a certificate that is refused is no sign of death
            return ended(PeerSocket.isCutInHandshake(failed) ? StreamEnd.CUT_BEFORE_ANSWER : StreamEnd.OTHER, failed);
        }
        try {
            socket.send("GET", url, path, NO_BODY);
        } catch (IOException failed) { // the peer was there a moment ago, and is not any more
            return ended(StreamEnd.CUT_BEFORE_ANSWER, failed);
        }
        try {
            read(lines);
            return StreamEnd.PROPER;
        } catch (IOException failed) {
            var cut = socket.isAnswered() ? StreamEnd.CUT : StreamEnd.CUT_BEFORE_ANSWER;
            return ended(PeerSocket.isCut(failed) ? cut : StreamEnd.OTHER, failed);
        }
    }

    /**
     * Returns whether a connection was reset as soon as it was made, before Java had noticed. The text is the system's: in another
     * language than English such an attempt counts, and the process is left to Kafka's session.
     */
    private static boolean isReset(IOException failure) {
        return failure.getMessage() != null && failure.getMessage().contains("reset");
    }

    private void read(Lines lines) throws IOException {
        socket.readWithin(times.connect());
        var in = socket.in();
        if (!socket.readHead(in)) {
            throw new PeerSocket.UnexpectedAnswerException("an answer that is no stream");
        }
        socket.readWithin(times.silence());
        readChunks(in, lines);
    }

    /** Reads until the last chunk, which has no bytes. What may follow it says nothing. */
    private void readChunks(InputStream in, Lines lines) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var size = chunkSize(in); size > 0; size = chunkSize(in)) {
            for (var at = 0; at < size; at++) {
                var next = in.read();
                if (next < 0) {
                    throw new EOFException("the connection ended within a chunk");
                }
                if (next == '\n') {
                    lines.onLine(line.toByteArray());
                    line.reset();
                } else if (line.size() < PeerLines.MOST_BYTES) {
                    line.write(next);
                } else {
                    throw new PeerSocket.UnexpectedAnswerException(
                            "a line of more than " + PeerLines.MOST_BYTES + " bytes");
                }
            }
            if (!socket.readLine(in, 1).isEmpty()) {
                throw new PeerSocket.UnexpectedAnswerException("a chunk without an end");
            }
        }
    }

    private int chunkSize(InputStream in) throws IOException {
        var head = socket.readLine(in, MOST_CHUNK_HEAD_BYTES);
        var size = head.split(";", 2)[0].strip();
        try {
            var bytes = Integer.parseInt(size, 16);
            if (bytes >= 0) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // Fall through: the error is the same as for a number below 0.
        }
        throw new PeerSocket.UnexpectedAnswerException("a chunk without a size");
    }

    private StreamEnd ended(StreamEnd end, IOException why) {
        detail = why.toString();
        return end;
    }

    /** Returns what ended the attempt, for people; empty after a proper end. */
    String detail() {
        return detail;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
