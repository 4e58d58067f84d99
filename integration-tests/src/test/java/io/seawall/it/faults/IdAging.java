package io.seawall.it.faults;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Uses up the epochs of a transactional id as years of transactions would: each initialization takes one, and Kafka assigns
 * another producer id when they are used up. Sends requests directly to the broker, with many in flight.
 */
final class IdAging {
    /** The last epoch that a client gets; after it Kafka assigns another producer id. */
    static final int LAST_EPOCH = Short.MAX_VALUE - 1;

    private static final short VERSION = 5;
    private static final int IN_FLIGHT = 200;

    private final String transactionalId;
    private final DataInputStream in;
    private final Socket socket;
    private int asked;
    private int answered;

    private IdAging(Socket socket, String transactionalId) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.transactionalId = transactionalId;
    }

    /**
     * Ages an id that no producer is using.
     *
     * @param port the port of the cluster's only broker
     * @param transactionalId the id
     * @param epoch the epoch to reach
     */
    static void age(int port, String transactionalId, int epoch) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            new IdAging(socket, transactionalId).run(epoch);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private void run(int epoch) throws IOException {
        ask();
        var wanted = epoch - answer();
        var last = asked + wanted;
        while (answered < last) {
            if (asked < last && asked - answered < IN_FLIGHT) {
                ask();
            } else {
                answer();
            }
        }
    }

    private void ask() throws IOException {
        var data = new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(60_000)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
        var header = new RequestHeader(ApiKeys.INIT_PRODUCER_ID, VERSION, "aging", asked++);
        var request = new InitProducerIdRequest.Builder(data).build(VERSION).serializeWithHeader(header);
        var frame = ByteBuffer.allocate(4 + request.remaining())
                .putInt(request.remaining())
                .put(request);
        socket.getOutputStream().write(frame.array());
    }

    private int answer() throws IOException {
        var header = new RequestHeader(ApiKeys.INIT_PRODUCER_ID, VERSION, "aging", answered++);
        var bytes = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        var response = (InitProducerIdResponse) AbstractResponse.parseResponse(bytes, header);
        var error = Errors.forCode(response.data().errorCode());
        if (error != Errors.NONE) {
            throw new IllegalStateException("initializing " + transactionalId + ": " + error);
        }
        return response.data().producerEpoch();
    }
}
