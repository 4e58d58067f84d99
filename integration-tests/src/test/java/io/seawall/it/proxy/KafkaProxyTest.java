package io.seawall.it.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.it.proxy.Frame.Direction;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault happens, and nothing else does. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaProxyTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int SILENCE_MS = 200;

    private FrameEcho broker;
    private KafkaProxy proxy;

    @BeforeEach
    void start() throws IOException {
        broker = new FrameEcho();
        proxy = KafkaProxy.listen(1);
        proxy.forward(number -> broker.port());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        broker.close();
    }

    /** A client that sends requests and receives answers by their correlation ids. */
    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.ports()[0]);
        private final String name;

        Client(String name) throws IOException {
            this.name = name;
        }

        void send(ApiKeys api, int correlationId) throws IOException {
            var id = name.getBytes(UTF_8);
            var frame = ByteBuffer.allocate(4 + 10 + id.length).putInt(10 + id.length);
            frame.putShort(api.id).putShort((short) 1).putInt(correlationId);
            frame.putShort((short) id.length).put(id);
            socket.getOutputStream().write(frame.array());
        }

        int answer() throws IOException {
            socket.setSoTimeout((int) SOON.toMillis());
            var in = new DataInputStream(socket.getInputStream());
            in.readInt();
            return in.readInt();
        }

        void assertSilence() throws IOException {
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }

        void assertEnded() throws IOException {
            socket.setSoTimeout((int) SOON.toMillis());
            var in = new DataInputStream(socket.getInputStream());
            assertThatThrownBy(in::readInt).isInstanceOfAny(EOFException.class, SocketException.class);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void passesEverythingInOrderWhereNoFaultFits() throws IOException {
        var other =
                proxy.plant(FrameFault.cut(Direction.REQUEST, ApiKeys.PRODUCE).ofClient("-b"));
        try (var client = new Client("lane-a")) {
            for (var id = 0; id < 1_000; id++) {
                client.send(ApiKeys.PRODUCE, id);
            }
            for (var id = 0; id < 1_000; id++) {
                assertThat(client.answer()).isEqualTo(id);
            }
        }
        assertThat(other.hasStruck()).isFalse();
    }

    @Test
    void holdsTheNthRequestOfAKindAndWhatIsBehindItUntilReleased() throws IOException {
        var hold =
                proxy.plant(FrameFault.hold(Direction.REQUEST, ApiKeys.END_TXN).nth(2));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.END_TXN, 1);
            client.send(ApiKeys.PRODUCE, 2);
            client.send(ApiKeys.END_TXN, 3);
            client.send(ApiKeys.PRODUCE, 4);

            assertThat(client.answer()).isEqualTo(1);
            assertThat(client.answer()).isEqualTo(2);
            assertThat(hold.awaitStruck(SOON).request().correlationId()).isEqualTo(3);
            client.assertSilence();
            assertThat(broker.received()).containsExactly(1, 2);

            hold.release();
            assertThat(client.answer()).isEqualTo(3);
            assertThat(client.answer()).isEqualTo(4);
        }
    }

    @Test
    void aHeldRequestReachesTheBrokerAlthoughItsClientIsGone() throws IOException {
        var hold = proxy.plant(FrameFault.hold(Direction.REQUEST, ApiKeys.END_TXN));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.END_TXN, 1);
            hold.awaitStruck(SOON);
        }
        assertThat(broker.received()).isEmpty();

        hold.release();

        awaitReceived(1);
    }

    @Test
    void aHeldRequestReachesTheBrokerAlthoughItsClientWasDisconnected() throws IOException {
        var hold = proxy.plant(FrameFault.hold(Direction.REQUEST, ApiKeys.END_TXN));
        try (var client = new Client("lane-a");
                var other = new Client("lane-b")) {
            client.send(ApiKeys.END_TXN, 1);
            hold.awaitStruck(SOON);
            hold.disconnectClient();
            client.assertEnded();
            other.send(ApiKeys.END_TXN, 2);
            assertThat(other.answer()).as("other connections continue").isEqualTo(2);

            hold.release();

            awaitReceived(2, 1);
        }
    }

    @Test
    void holdsAnAnswerThatTheBrokerHasGiven() throws IOException {
        var hold = proxy.plant(FrameFault.hold(Direction.ANSWER, ApiKeys.END_TXN));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.PRODUCE, 1);
            client.send(ApiKeys.END_TXN, 2);

            assertThat(client.answer()).isEqualTo(1);
            assertThat(hold.awaitStruck(SOON).request().correlationId()).isEqualTo(2);
            client.assertSilence();
            assertThat(broker.received()).containsExactly(1, 2);

            hold.release();
            assertThat(client.answer()).isEqualTo(2);
        }
    }

    @Test
    void aDelayEndsByItself() throws IOException {
        var delay =
                proxy.plant(FrameFault.delay(Direction.REQUEST, ApiKeys.PRODUCE, Duration.ofMillis(3L * SILENCE_MS)));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.PRODUCE, 1);
            delay.awaitStruck(SOON);
            client.assertSilence();

            assertThat(client.answer()).isEqualTo(1);
        }
    }

    @Test
    void dropsARequestAndWhatIsBehindIt() throws IOException {
        var drop =
                proxy.plant(FrameFault.drop(Direction.REQUEST, ApiKeys.PRODUCE).nth(2));
        try (var client = new Client("lane-a")) {
            IntStream.rangeClosed(1, 3).forEach(id -> sendUnchecked(client, id));

            assertThat(client.answer()).isEqualTo(1);
            drop.awaitStruck(SOON);
            client.assertSilence();
            assertThat(broker.received()).containsExactly(1);
        }
    }

    @Test
    void dropsAnAnswerToARequestThatWasServed() throws IOException {
        var drop = proxy.plant(FrameFault.drop(Direction.ANSWER, ApiKeys.PRODUCE));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.PRODUCE, 1);
            drop.awaitStruck(SOON);
            client.assertSilence();
            assertThat(broker.received()).containsExactly(1);
        }
    }

    @Test
    void cutsTheConnectionInPlaceOfARequest() throws IOException {
        var cut = proxy.plant(FrameFault.cut(Direction.REQUEST, ApiKeys.PRODUCE));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.PRODUCE, 1);
            client.assertEnded();
        }
        assertThat(cut.hasStruck()).isTrue();
        assertThat(broker.received()).isEmpty();
    }

    @Test
    void cutsTheConnectionInPlaceOfAnAnswer() throws IOException {
        var cut = proxy.plant(FrameFault.cut(Direction.ANSWER, ApiKeys.PRODUCE));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.PRODUCE, 1);
            client.assertEnded();
        }
        assertThat(cut.hasStruck()).isTrue();
        assertThat(broker.received()).containsExactly(1);
    }

    @Test
    void repeatsARequestLaterAndKeepsTheSecondAnswer() throws IOException {
        var repeat = proxy.plant(FrameFault.repeat(ApiKeys.INIT_PRODUCER_ID));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.INIT_PRODUCER_ID, 1);
            assertThat(client.answer()).isEqualTo(1);
            client.send(ApiKeys.PRODUCE, 2);
            assertThat(client.answer()).isEqualTo(2);

            repeat.release();

            awaitReceived(1, 2, 1);
            client.send(ApiKeys.PRODUCE, 3);
            assertThat(client.answer()).as("the repeated answer was dropped").isEqualTo(3);
        }
    }

    @Test
    void rewritesEachRequestThatFits() throws IOException {
        proxy.plant(FrameFault.rewrite(Direction.REQUEST, ApiKeys.PRODUCE, frame -> {
            var bytes = frame.bytes().clone();
            bytes[bytes.length - 1] = 'b';
            return frame.with(bytes);
        }));
        var changed = proxy.plant(FrameFault.hold(Direction.REQUEST, ApiKeys.PRODUCE)
                .carrying("lane-b")
                .nth(2));
        try (var client = new Client("lane-a")) {
            client.send(ApiKeys.PRODUCE, 1);
            client.send(ApiKeys.PRODUCE, 2);

            assertThat(client.answer()).isEqualTo(1);
            assertThat(changed.awaitStruck(SOON).request().correlationId()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotKafkasProtocolIsReportedAtTheEnd() throws IOException {
        var broken = KafkaProxy.listen(1);
        broken.forward(number -> broker.port());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), broken.ports()[0])) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(UTF_8));
            socket.setSoTimeout((int) SOON.toMillis());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(broken::close).hasMessageContaining("the proxy itself failed");
    }

    private void awaitReceived(Integer... correlationIds) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(broker.received()).containsExactly(correlationIds));
    }

    private static void sendUnchecked(Client client, int correlationId) {
        try {
            client.send(ApiKeys.PRODUCE, correlationId);
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }
}
