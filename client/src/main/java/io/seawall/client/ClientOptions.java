package io.seawall.client;

import io.seawall.client.internal.rpc.TokenCredentials;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How to reach the nodes. Made by {@link #builder}; immutable. */
public final class ClientOptions {
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    private final List<String> endpoints;
    private final Duration requestTimeout;
    private final Duration closeTimeout;
    private final Duration keepAlive;
    private final Duration keepAliveTimeout;
    private final int maxMessageBytes;
    private final @Nullable Executor callbacks;
    private final @Nullable TlsOptions tls;
    private final @Nullable Supplier<String> token;
    private final boolean tokenInPlainText;

    private ClientOptions(Builder from) {
        this.endpoints = List.copyOf(from.endpoints);
        this.requestTimeout = from.requestTimeout;
        this.closeTimeout = from.closeTimeout;
        this.keepAlive = from.keepAlive;
        this.keepAliveTimeout = from.keepAliveTimeout;
        this.maxMessageBytes = from.maxMessageBytes;
        this.callbacks = from.callbacks;
        this.tls = from.tls;
        this.token = from.token;
        this.tokenInPlainText = from.tokenInPlainText;
    }

    /** Begins options with the default settings and without a node. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private final List<String> endpoints = new ArrayList<>();
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration closeTimeout = Duration.ofSeconds(30);
        private Duration keepAlive = Duration.ofSeconds(20);
        private Duration keepAliveTimeout = Duration.ofSeconds(5);
        private int maxMessageBytes = 32 << 20;
        private @Nullable Executor callbacks;
        private @Nullable TlsOptions tls;
        private @Nullable Supplier<String> token;
        private boolean tokenInPlainText;

        private Builder() {}

        /**
         * Adds the gRPC address of a node. One is enough, but it has to be reachable when the client connects first: give several.
         *
         * @param address host:port, as in {@code node-1:7071} or {@code [::1]:7071}
         * @throws SeawallException with {@link Codes#INVALID} if it is none
         */
        public Builder endpoint(String address) {
            var parts = ADDRESS.matcher(address);
            if (!parts.matches() || port(parts.group(2)) == 0) {
                throw SeawallException.of(
                                Codes.INVALID,
                                "cannot use the address of a node: found '" + address
                                        + "', expected host:port of its gRPC server, as in node-1:7071")
                        .build();
            }
            endpoints.add(address);
            return this;
        }

        private static int port(String text) {
            var port = Integer.parseInt(text);
            return port > HIGHEST_PORT ? 0 : port;
        }

        /** Sets how long describe, logs, createTopic and trim may take with all attempts, by default 30 seconds. */
        public Builder requestTimeout(Duration value) {
            requestTimeout = positive("requestTimeout", value);
            return this;
        }

        /** Sets how long {@link SeawallClient#close} waits for answers to appends, by default 30 seconds. */
        public Builder closeTimeout(Duration value) {
            closeTimeout = positive("closeTimeout", value);
            return this;
        }

        /**
         * Sets after which time without a byte a connection with calls is probed, by default 20 seconds. A node that vanished
         * without closing its connections is noticed after this and {@code keepAliveTimeout}.
         */
        public Builder keepAlive(Duration value) {
            keepAlive = positive("keepAlive", value);
            return this;
        }

        /** Sets how long the answer to a probe may take, by default 5 seconds. */
        public Builder keepAliveTimeout(Duration value) {
            keepAliveTimeout = positive("keepAliveTimeout", value);
            return this;
        }

        /** Sets the largest message that is taken from a node, by default 32 MiB; one record may be as large as that. */
        public Builder maxMessageBytes(int value) {
            if (value < 1) {
                throw invalid("maxMessageBytes", value, "1 or more");
            }
            maxMessageBytes = value;
            return this;
        }

        /**
         * Sets what completes futures and calls subscribers, by default a thread of the client's own. The executor may have
         * several threads: answers of one writer stay in order. It must run what it is given.
         */
        public Builder callbacks(Executor value) {
            callbacks = value;
            return this;
        }

        /** Sets how to connect with TLS; by default everything goes in plain text. It holds for every node. */
        public Builder tls(TlsOptions value) {
            tls = value;
            return this;
        }

        /**
         * Sets the token that shows nodes who this client is; by default none is sent. It is asked for with each call, on the
         * client's thread, and must not block: so it may return another token after the first one is revoked. Without TLS it is
         * sent to this machine alone.
         */
        public Builder token(Supplier<String> value) {
            token = value;
            return this;
        }

        /** Allows to send the token in plain text, which everybody on the network can read. */
        public Builder tokenInPlainText() {
            tokenInPlainText = true;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws SeawallException with {@link Codes#INVALID} if there is no endpoint, or the token would be sent in plain text to
         *     another machine
         */
        public ClientOptions build() {
            if (endpoints.isEmpty()) {
                throw invalid("endpoint", "none", "the address of at least one node");
            }
            if (token != null && tls == null && !tokenInPlainText) {
                for (var endpoint : endpoints) {
                    if (!TokenCredentials.isLoopback(endpoint)) {
                        throw invalid("token", "no TLS with " + endpoint, "tls, or tokenInPlainText, which allows it");
                    }
                }
            }
            return new ClientOptions(this);
        }

        private static Duration positive(String name, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw invalid(name, value, "more than 0");
            }
            return value;
        }

        private static SeawallException invalid(String name, Object found, String expected) {
            return SeawallException.of(
                            Codes.INVALID, "cannot use option " + name + ": found " + found + ", expected " + expected)
                    .build();
        }
    }

    /** Returns the addresses of nodes. */
    public List<String> endpoints() {
        return endpoints;
    }

    /** Returns how long a request may take. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** Returns how long closing may take. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** Returns after which time without a byte a connection is probed. */
    public Duration keepAlive() {
        return keepAlive;
    }

    /** Returns how long the answer to a probe may take. */
    public Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    /** Returns the largest message that is taken from a node, in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns what runs callbacks, or null for a thread of the client's own. */
    public @Nullable Executor callbacks() {
        return callbacks;
    }

    /** Returns how to connect with TLS, or null for plain text. */
    public @Nullable TlsOptions tls() {
        return tls;
    }

    /** Returns the token to send, or null for none. */
    public @Nullable Supplier<String> token() {
        return token;
    }

    /** Returns whether the token may be sent in plain text to other machines. */
    public boolean tokenInPlainText() {
        return tokenInPlainText;
    }
}
