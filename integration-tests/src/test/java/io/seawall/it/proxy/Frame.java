package io.seawall.it.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * A request or an answer.
 *
 * @param direction which of the two
 * @param request the header of the request, or of the one that is answered
 * @param bytes everything after the 4-byte length; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on unchanged and never compared
public record Frame(Direction direction, Request request, byte[] bytes) {
    /** The direction of a frame. */
    public enum Direction {
        /** From the client to the broker. */
        REQUEST,
        /** From the broker to the client. */
        ANSWER
    }

    /**
     * The beginning of every request of Kafka's protocol.
     *
     * @param apiKey its kind, as in Kafka's {@code ApiKeys}
     * @param apiVersion the version of its body
     * @param correlationId repeated by the answer
     * @param clientId the client's name; empty if it gives none
     */
    public record Request(short apiKey, short apiVersion, int correlationId, String clientId) {}

    /**
     * Parses the header of a request: 2-byte key, 2-byte version, 4-byte correlation id, and the client id after its 2-byte
     * length.
     */
    static Frame ofRequest(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        var apiKey = buffer.getShort();
        var apiVersion = buffer.getShort();
        var correlationId = buffer.getInt();
        var name = new byte[Math.max(0, buffer.getShort())];
        buffer.get(name);
        return new Frame(
                Direction.REQUEST, new Request(apiKey, apiVersion, correlationId, new String(name, UTF_8)), bytes);
    }

    /** Returns the same request or answer with other bytes. */
    public Frame with(byte[] other) {
        return new Frame(direction, request, other);
    }
}
