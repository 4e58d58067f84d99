package io.seawall.it.s3;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between clients and an S3 server that makes single requests fail. Forwards the others byte for byte, including the
 * Host header, so that signatures stay valid. One thread per connection; faults may be added from any thread.
 */
public final class StoreFaultProxy implements AutoCloseable {
    private static final int PATIENCE_MS = 60_000;

    /**
     * A request.
     *
     * @param method such as {@code PUT}
     * @param target path and query, such as {@code /bucket/key?list-type=2}
     */
    public record Request(String method, String target) {
        /** Returns whether it lists names instead of reading an object. */
        public boolean isList() {
            return method.equals("GET") && target.contains("list-type=2");
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    /** A planted fault; a test asserts that it struck. */
    public static final class Strike {
        private final StoreFault fault;
        private final Predicate<Request> requests;
        private final int times;
        private final AtomicInteger count = new AtomicInteger();

        Strike(StoreFault fault, int times, Predicate<Request> requests) {
            this.fault = fault;
            this.times = times;
            this.requests = requests;
        }

        /** Returns how often it struck. */
        public int count() {
            return Math.min(count.get(), times);
        }

        private boolean takes(Request request) {
            return requests.test(request) && count.getAndIncrement() < times;
        }
    }

    private final URI store;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "store-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Strike> strikes = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private StoreFaultProxy(URI store) throws IOException {
        this.store = store;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /**
     * Starts a proxy in front of a server.
     *
     * @param store the server's address
     */
    public static StoreFaultProxy before(URI store) {
        try {
            var proxy = new StoreFaultProxy(store);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Returns the address that clients connect to. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Strikes requests with a method; the oldest fault that matches a request applies. */
    public Strike strike(StoreFault fault, int times, String method) {
        return strike(fault, times, request -> request.method().equals(method));
    }

    /**
     * Strikes requests.
     *
     * @param fault the fault
     * @param times how many requests it strikes
     * @param requests which requests it strikes
     */
    public Strike strike(StoreFault fault, int times, Predicate<Request> requests) {
        var strike = new Strike(fault, times, requests);
        strikes.add(strike);
        return strike;
    }

    /** Removes all faults. */
    public void heal() {
        strikes.clear();
    }

    /** Returns the requests in order, struck or not. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Clears {@link #requests()}. */
    public void forget() {
        requests.clear();
    }

    @Override
    public void close() {
        closed.countDown();
        closeQuietly(server);
        sockets.forEach(StoreFaultProxy::closeQuietly);
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (closed.getCount() > 0) {
                var client = opened(server.accept());
                threads.execute(() -> serve(client));
            }
        } catch (IOException ended) {
            // Closed: no thread accepts connections any more.
        }
    }

    private Socket opened(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    /** Serves request after request, until a side closes the connection or a fault cuts it. */
    private void serve(Socket client) {
        try (client;
                var upstream = opened(new Socket(store.getHost(), store.getPort()))) {
            var link = new Link(
                    new BufferedInputStream(client.getInputStream()),
                    new BufferedOutputStream(client.getOutputStream()),
                    new BufferedInputStream(upstream.getInputStream()),
                    new BufferedOutputStream(upstream.getOutputStream()));
            while (exchange(link)) {
                // Continue with the connection's next request.
            }
        } catch (IOException ended) {
            // Either side closed its connection, so the other one is closed too.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.removeIf(Socket::isClosed);
        }
    }

    /** The four streams of two connections. */
    private record Link(InputStream fromClient, OutputStream toClient, InputStream fromStore, OutputStream toStore) {}

    private boolean exchange(Link link) throws IOException, InterruptedException {
        var head = HttpMessage.read(link.fromClient());
        if (head.isEmpty()) {
            return false;
        }
        var words = head.get().start().split(" ", 3);
        var request = new Request(words[0], words[1]);
        requests.add(request);
        var fault = strikes.stream()
                .filter(strike -> strike.takes(request))
                .findFirst()
                .map(strike -> strike.fault)
                .orElse(null);
        if (fault instanceof StoreFault.Delay delay) {
            var unused = closed.await(delay.held().toMillis(), TimeUnit.MILLISECONDS);
        }
        if (head.get().header("Expect").isPresent()) {
            link.toClient().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            link.toClient().flush();
        }
        var forwarded = head.get().without("Expect");
        if (fault instanceof StoreFault.Answer answer) {
            forwarded.copyBody(link.fromClient(), (bytes, length) -> true);
            answer(link.toClient(), answer, request);
            return true;
        }
        if (fault instanceof StoreFault.Hold hold && !hold.holdsAnswer()) {
            return standBefore(link, forwarded, hold) && back(link, request, null);
        }
        return forward(link, forwarded, fault) && back(link, request, fault);
    }

    /** Reads the whole request first, because the client may be dead when it continues. */
    private static boolean standBefore(Link link, HttpMessage head, StoreFault.Hold hold)
            throws IOException, InterruptedException {
        var body = new ByteArrayOutputStream();
        head.copyBody(link.fromClient(), limited(body, Long.MAX_VALUE));
        if (!hold.stand()) {
            return false;
        }
        head.write(link.toStore());
        body.writeTo(link.toStore());
        link.toStore().flush();
        return true;
    }

    private static boolean forward(Link link, HttpMessage head, @Nullable StoreFault fault) throws IOException {
        (fault instanceof StoreFault.DropCondition ? head.without("If-None-Match") : head).write(link.toStore());
        var limit = fault instanceof StoreFault.CutRequest cut ? cut.afterBytes() : Long.MAX_VALUE;
        return head.copyBody(link.fromClient(), limited(link.toStore(), limit)) && limit == Long.MAX_VALUE;
    }

    private static boolean back(Link link, Request request, @Nullable StoreFault fault)
            throws IOException, InterruptedException {
        var head = HttpMessage.read(link.fromStore());
        if (head.isEmpty()) {
            return false;
        }
        var hasBody = !request.method().equals("HEAD") && !head.get().start().matches("\\S+ (204|304)\\b.*");
        if (fault instanceof StoreFault.LoseAnswer) {
            return false; // The head shows that the store is done; no one reads the rest.
        }
        if (fault instanceof StoreFault.Hold hold && !hold.stand()) {
            return false;
        }
        head.get().write(link.toClient());
        var limit = fault instanceof StoreFault.CutAnswer cut ? cut.afterBytes() : Long.MAX_VALUE;
        return !hasBody || head.get().copyBody(link.fromStore(), limited(link.toClient(), limit));
    }

    /** Passes bytes on up to a limit, and then wants no more. */
    private static HttpMessage.Sink limited(OutputStream out, long limit) {
        var left = new long[] {limit};
        return (bytes, length) -> {
            var count = (int) Math.min(left[0], length);
            out.write(bytes, 0, count);
            out.flush();
            left[0] -= count;
            return count == length;
        };
    }

    private static void answer(OutputStream out, StoreFault.Answer answer, Request request) throws IOException {
        var body = request.method().equals("HEAD")
                ? ""
                : "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + answer.code()
                        + "</Code><Message>planted</Message><RequestId>planted-1</RequestId></Error>";
        out.write(("HTTP/1.1 " + answer.status() + " Planted\r\nContent-Type: application/xml\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void closeQuietly(Closeable part) {
        try {
            part.close();
        } catch (IOException ignored) {
            // Ignore it: it is not used any more.
        }
    }
}
