package io.seawall.client;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.seawall.client.internal.admin.Admin;
import io.seawall.client.internal.read.Reader;
import io.seawall.client.internal.rpc.Channels;
import io.seawall.client.internal.rpc.ClientThreads;
import io.seawall.client.internal.rpc.Endpoints;
import io.seawall.client.internal.rpc.TokenCredentials;
import io.seawall.client.internal.write.Writer;
import io.seawall.client.log.Codes;
import io.seawall.client.log.LogDescription;
import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.TopicDescription;
import io.seawall.client.log.TopicOptions;
import io.seawall.client.log.WriterOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A client of Seawall's nodes over gRPC. One is enough for a process: it has one connection for each node and two threads,
 * however many writers and readers it has. Any thread may use it.
 *
 * <p>It finds the owner of a log by asking the given nodes, follows it when it moves, and connects again when a connection fails.
 */
public final class SeawallClient implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    private final ClientOptions options;
    private final ClientThreads threads;
    private final Channels channels;
    private final Endpoints endpoints;
    private final Admin admin;
    private final Set<Writer> writers = ConcurrentHashMap.newKeySet();
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close

    private SeawallClient(ClientOptions options, Function<String, ManagedChannelBuilder<?>> builder) {
        this.options = options;
        this.threads = new ClientThreads(options.callbacks());
        this.channels = new Channels(builder, threads);
        this.endpoints = new Endpoints(options.endpoints());
        this.admin = new Admin(threads, channels, endpoints);
    }

    /**
     * Makes a client. It connects with the first call that needs a node; this method blocks only to read the files of
     * {@link TlsOptions}.
     *
     * @throws SeawallException with {@link Codes#INVALID} if such a file cannot be used
     */
    public static SeawallClient connect(ClientOptions options) {
        var tls = options.tls();
        return connect(
                options,
                Channels.network(
                        tls == null ? InsecureChannelCredentials.create() : tls.credentials(),
                        options.keepAlive(),
                        options.keepAliveTimeout(),
                        options.maxMessageBytes()));
    }

    /** The same with channels of another kind, for tests. */
    static SeawallClient connect(ClientOptions options, Function<String, ManagedChannelBuilder<?>> builder) {
        var token = options.token();
        return new SeawallClient(
                options,
                token == null
                        ? builder
                        : Channels.withToken(
                                builder,
                                new TokenCredentials(token, options.tls() != null || options.tokenInPlainText())));
    }

    /**
     * Makes a client with default settings.
     *
     * @param endpoint the gRPC address of a node, as in {@code node-1:7071}
     * @param more further ones
     */
    public static SeawallClient connect(String endpoint, String... more) {
        var builder = ClientOptions.builder().endpoint(endpoint);
        for (var other : more) {
            builder.endpoint(other);
        }
        return connect(builder.build());
    }

    /** Returns a writer with default settings. */
    public LogWriter writer(String pchannel) {
        return writer(pchannel, WriterOptions.defaults());
    }

    /**
     * Returns a new writer. It connects with its first append; this method does not block.
     *
     * @param pchannel the log, as in {@code orders-0}
     */
    public LogWriter writer(String pchannel, WriterOptions writerOptions) {
        checkOpen();
        var own = new AtomicReference<Writer>();
        var writer = new Writer(pchannel, writerOptions, threads, channels, endpoints, () -> {
            var ended = own.get();
            if (ended != null) {
                writers.remove(ended);
            }
        });
        own.set(writer);
        writers.add(writer);
        if (closed) { // since the check above: close may have missed it
            writer.beginClose();
            writers.remove(writer);
            checkOpen();
        }
        return writer;
    }

    /** Returns a reader with default settings. */
    public LogReader reader(String pchannel, StartPosition from) {
        return reader(pchannel, from, ReaderOptions.defaults());
    }

    /**
     * Returns a new reader, which begins to prefetch at once; this method does not block.
     *
     * @param pchannel the log, as in {@code orders-0}
     */
    public LogReader reader(String pchannel, StartPosition from, ReaderOptions readerOptions) {
        checkOpen();
        var own = new AtomicReference<Reader>();
        var reader = new Reader(pchannel, from, readerOptions, threads, channels, endpoints, () -> {
            var ended = own.get();
            if (ended != null) {
                readers.remove(ended);
            }
        });
        own.set(reader);
        readers.add(reader);
        if (closed) { // since the check above: close may have missed it
            reader.close();
            readers.remove(reader);
            checkOpen();
        }
        return reader;
    }

    /**
     * Describes a log, as the node that answers sees it. Blocks.
     *
     * @throws SeawallException if there is no such log, or no node answers in time
     */
    public LogDescription describe(String pchannel) {
        checkOpen();
        return admin.describe(pchannel, false, options.requestTimeout());
    }

    /**
     * Returns the log's tail, found by writing to the log: it is at or above everything that any owner acknowledged before this
     * call. Blocks.
     */
    public long confirmedTail(String pchannel) {
        checkOpen();
        var tail = admin.describe(pchannel, true, options.requestTimeout()).tail();
        if (tail == null) {
            throw SeawallException.of(
                            Codes.INTERNAL, "cannot confirm the tail of " + pchannel + ": the answer has none")
                    .pchannel(pchannel)
                    .build();
        }
        return tail;
    }

    /** Lists all logs. Blocks. */
    public List<LogDescription> logs() {
        checkOpen();
        return admin.logs(null, options.requestTimeout());
    }

    /** Lists the logs of a topic. Blocks. */
    public List<LogDescription> logs(String topic) {
        checkOpen();
        return admin.logs(topic, options.requestTimeout());
    }

    /**
     * Creates a topic, or grows it; with the same settings again it changes nothing. Blocks.
     *
     * @param topic its name: a-z, 0-9 and '-'
     */
    public TopicDescription createTopic(String topic, TopicOptions topicOptions) {
        checkOpen();
        return admin.createTopic(topic, topicOptions, options.requestTimeout());
    }

    /**
     * Deletes the oldest records of a log. Blocks.
     *
     * @param before the oldest LSN to keep
     * @return the oldest LSN that is left, at most {@code before}, since whole batches are deleted
     */
    public long trim(String pchannel, long before) {
        checkOpen();
        return admin.trim(pchannel, before, options.requestTimeout());
    }

    /**
     * Writes all records that were acknowledged before this call to segments. Blocks.
     *
     * @param atMost how long it may take
     * @return the LSN below which every record is in a segment
     */
    public long flush(String pchannel, Duration atMost) {
        checkOpen();
        return admin.flush(pchannel, atMost);
    }

    private void checkOpen() {
        if (closed) {
            throw SeawallException.of(Codes.CLOSED, "the client is closed").build();
        }
    }

    /**
     * Closes all writers, which waits for answers up to {@link ClientOptions#closeTimeout}, all readers, and all connections; the
     * other calls end with {@link Codes#CLOSED}. A second call does nothing. On a thread of the client it does not wait, and an
     * interrupt ends the waiting; every append is answered nevertheless.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        var open = List.copyOf(writers);
        open.forEach(Writer::beginClose);
        await(open, threads.isOwnThread() ? 0 : TimeUnit.MILLISECONDS.convert(options.closeTimeout()));
        open.forEach(Writer::closeNow);
        readers.forEach(Reader::close);
        admin.close();
        var ending = new CompletableFuture<List<ManagedChannel>>();
        threads.loop().execute(() -> ending.complete(channels.shutdownNow()));
        if (!threads.isLoop()) {
            awaitEnd(ending);
        }
        threads.close();
    }

    private static void await(List<Writer> open, long atMostMs) {
        try {
            CompletableFuture.allOf(open.stream().map(Writer::drained).toArray(CompletableFuture[]::new))
                    .get(atMostMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            // What is left fails with closeNow.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEnd(CompletableFuture<List<ManagedChannel>> ending) {
        try {
            for (var channel : ending.get(STOP_SECONDS, TimeUnit.SECONDS)) {
                if (!channel.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (TimeoutException | ExecutionException late) {
            // The threads are daemons; what hangs ends with the process.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
