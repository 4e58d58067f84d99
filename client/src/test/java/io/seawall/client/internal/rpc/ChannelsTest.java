package io.seawall.client.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingChannelBuilder2;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelsTest {
    private final ClientThreads threads = new ClientThreads(null);
    private final List<FakeChannel> made = new ArrayList<>();
    private final Channels channels = new Channels(address -> new Builder(), threads);

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void aConnectionIsUsedAgain() {
        channels.to("a:1");
        channels.to("a:1");
        channels.to("b:1");

        assertThat(made).hasSize(2);
    }

    /** To connect again at once, gRPC looks the name up, and gives up the connection if that fails. */
    @Test
    void aConnectionThatWorksIsLeftAloneAndOneThatFailedIsTriedAtOnce() {
        channels.to("a:1");
        var channel = made.get(0);
        channel.state = ConnectivityState.READY;
        channels.to("a:1");
        assertThat(channel.resets).isZero();

        channel.state = ConnectivityState.TRANSIENT_FAILURE;
        channels.to("a:1");
        assertThat(channel.resets).isOne();
    }

    @Test
    void noConnectionIsMadeAfterTheEndSinceNothingWouldCloseIt() {
        channels.to("a:1");
        assertThat(channels.shutdownNow()).hasSize(1);

        assertThat(made.get(0).isShutdown()).isTrue();
        assertThatThrownBy(() -> channels.to("a:1")).hasMessageContaining("closed");
        assertThat(made).hasSize(1);
    }

    private final class Builder extends ForwardingChannelBuilder2<Builder> {
        private final ManagedChannelBuilder<?> unused = InProcessChannelBuilder.forName("unused");

        @Override
        protected ManagedChannelBuilder<?> delegate() {
            return unused;
        }

        @Override
        public ManagedChannel build() {
            var channel = new FakeChannel();
            made.add(channel);
            return channel;
        }
    }

    private static final class FakeChannel extends ManagedChannel {
        private ConnectivityState state = ConnectivityState.IDLE;
        private int resets;
        private boolean shutdown;

        @Override
        public ConnectivityState getState(boolean requestConnection) {
            return state;
        }

        @Override
        public void resetConnectBackoff() {
            resets++;
        }

        @Override
        public ManagedChannel shutdown() {
            shutdown = true;
            return this;
        }

        @Override
        public ManagedChannel shutdownNow() {
            return shutdown();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String authority() {
            return "fake";
        }
    }
}
