package io.seawall.client;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.LogRecord;
import io.seawall.api.v1.Problem;
import io.seawall.api.v1.WalRecord;
import io.seawall.client.log.Ack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Nodes in this process that share one log, with knobs for faults. A node is named by an address such as {@code n1:1}. All state
 * is guarded by this object's monitor; faults strike after counted batches, so that runs do not depend on time.
 */
final class FakeCluster implements AutoCloseable {
    static final String LOG = "orders-0";
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final int REMEMBERED = 5;

    final List<LogRecord> records = new ArrayList<>();
    final List<String> requests = new ArrayList<>();
    private final String suffix = "-" + CLUSTERS.incrementAndGet();
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, FakeNode> nodes = new LinkedHashMap<>();
    private final Map<String, Map<Long, Ack>> sessions = new HashMap<>();
    private final Set<ServerCallStreamObserver<?>> calls = new LinkedHashSet<>();
    private String owner;
    private long batches;

    /** The nodes lose the answer of each batch with a number that this divides, and cut the call; 0 for never. */
    int loseEvery;

    /** The owner changes before each batch with a number that this divides; 0 for never. */
    int moveEvery;

    /** The log refuses each batch with a number that this divides with OVERLOADED; 0 for never. */
    int refuseEvery;

    /** Whether batches are taken in and never answered. */
    boolean silent;

    /** The nodes that do not answer requests, by their addresses. */
    String mute = "";

    /** The next batch is refused with this code, then it is cleared. */
    String refuseWith = "";

    /** Each call fails with this code; empty for none. */
    String failWith = "";

    /** The oldest LSN that is left. */
    long oldest;

    /** Whether the next message of a reader leaves out its first record. */
    boolean skipRecord;

    /** The most records in one message of a reader. */
    int recordsInMessage = 100;

    int messagesSent;

    FakeCluster(String... addresses) {
        owner = addresses[0];
        for (var address : addresses) {
            var node = new FakeNode(this, address);
            nodes.put(address, node);
            start(address);
        }
    }

    private void start(String address) {
        try {
            servers.put(
                    address,
                    InProcessServerBuilder.forName(address + suffix)
                            .directExecutor()
                            .addService(Objects.requireNonNull(nodes.get(address)))
                            .build()
                            .start());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized void kill(String address) {
        Objects.requireNonNull(servers.remove(address)).shutdownNow();
    }

    synchronized void restart(String address) {
        start(address);
    }

    Function<String, ManagedChannelBuilder<?>> channels() {
        return address -> InProcessChannelBuilder.forName(address + suffix);
    }

    SeawallClient client(String... endpoints) {
        var options = ClientOptions.builder();
        for (var endpoint : endpoints) {
            options.endpoint(endpoint);
        }
        return SeawallClient.connect(options.build(), channels());
    }

    synchronized void began(ServerCallStreamObserver<?> call) {
        calls.add(call);
    }

    synchronized void ended(ServerCallStreamObserver<?> call) {
        calls.remove(call);
    }

    synchronized boolean isOpen(ServerCallStreamObserver<?> call) {
        return calls.contains(call);
    }

    synchronized String owner() {
        return owner;
    }

    synchronized void move(String to) {
        owner = to;
        cutCalls();
    }

    synchronized void cutCalls() {
        var open = List.copyOf(calls);
        calls.clear();
        open.forEach(call ->
                call.onError(Status.UNAVAILABLE.withDescription("fake: cut").asRuntimeException()));
    }

    /** What a node does with a batch. */
    record Answer(@Nullable Ack ack, @Nullable Problem problem, boolean lost) {}

    synchronized Answer append(String address, String session, AppendBatch batch) {
        batches++;
        if (moveEvery > 0 && batches % moveEvery == 0) {
            var all = List.copyOf(nodes.keySet());
            move(all.get((all.indexOf(owner) + 1) % all.size()));
            return new Answer(null, null, true);
        }
        if (!owner.equals(address)) {
            return new Answer(null, null, true);
        }
        if (!refuseWith.isEmpty()) {
            var code = refuseWith;
            refuseWith = "";
            return refused(code, Map.of());
        }
        if (refuseEvery > 0 && batches % refuseEvery == 0) {
            return refused("OVERLOADED", Map.of());
        }
        var answer = write(session, batch);
        if (loseEvery > 0 && batches % loseEvery == 0) {
            cutCalls();
            return new Answer(null, null, true);
        }
        return answer;
    }

    private Answer write(String session, AppendBatch batch) {
        var written = session.isEmpty() ? null : sessions.computeIfAbsent(session, id -> new HashMap<>());
        if (written != null) {
            var next = written.keySet().stream().mapToLong(seq -> seq + 1).max().orElse(0);
            if (batch.getSeq() > next) {
                return refused("SEQUENCE_GAP", Map.of("expectedSeq", next));
            }
            if (batch.getSeq() < next) {
                var known = Objects.requireNonNull(written.get(batch.getSeq()));
                return next - batch.getSeq() > REMEMBERED
                        ? refused("FORGOTTEN", Map.of())
                        : new Answer(new Ack(known.term(), known.first(), known.last(), true), null, false);
            }
        }
        if (batch.hasIfTail() && batch.getIfTail() != records.size()) {
            return refused("TAIL_MISMATCH", Map.of("tail", (long) records.size()));
        }
        var ack = new Ack(1, records.size(), records.size() + batch.getRecordsCount() - 1L, false);
        batch.getRecordsList().forEach(this::add);
        if (written != null) {
            written.put(batch.getSeq(), ack);
        }
        nodes.values().forEach(FakeNode::wakeReaders);
        return new Answer(ack, null, false);
    }

    private void add(WalRecord record) {
        var stored = LogRecord.newBuilder().setLsn(records.size()).setTerm(1).setTimestampMs(records.size());
        if (record.hasKey()) {
            stored.setKey(record.getKey());
        }
        if (record.hasValue()) {
            stored.setValue(record.getValue());
        }
        records.add(stored.addAllHeaders(record.getHeadersList()).build());
    }

    private static Answer refused(String code, Map<String, Long> numbers) {
        return new Answer(
                null,
                Problem.newBuilder()
                        .setCode(code)
                        .setEffect("none")
                        .setMessage("fake: " + code)
                        .putAllNumbers(numbers)
                        .build(),
                false);
    }

    /** Returns a status with the details of the contract. */
    static StatusRuntimeException error(String code, Map<String, String> members) {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(Code.FAILED_PRECONDITION_VALUE)
                .setMessage("fake: " + code)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("seawall")
                        .setReason(code)
                        .putMetadata("effect", "none")
                        .putMetadata("pchannel", LOG)
                        .putAllMetadata(members)
                        .build()));
        if (code.equals("UNAVAILABLE")) {
            status.addDetails(Any.pack(RetryInfo.getDefaultInstance()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** Returns what nodes were asked for, one after the other. */
    synchronized String asked() {
        return String.join(", ", requests);
    }

    synchronized List<String> values() {
        return records.stream().map(record -> record.getValue().toStringUtf8()).toList();
    }

    @Override
    public void close() {
        List<Server> all;
        synchronized (this) {
            all = List.copyOf(servers.values());
        }
        for (var server : all) {
            server.shutdownNow();
            try {
                server.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
