package io.seawall.client;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.AppendAck;
import io.seawall.api.v1.AppendOpened;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.CreateTopicResponse;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.DescribeResponse;
import io.seawall.api.v1.Edge;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.ListLogsResponse;
import io.seawall.api.v1.LogDescription;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.api.v1.TrimRequest;
import io.seawall.api.v1.TrimResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One node of a {@link FakeCluster}. */
final class FakeNode extends LogServiceGrpc.LogServiceImplBase {
    private final FakeCluster cluster;
    private final String address;
    private final List<Reading> readers = new ArrayList<>(); // guarded by the cluster

    FakeNode(FakeCluster cluster, String address) {
        this.cluster = cluster;
        this.address = address;
    }

    private boolean refuses(StreamObserver<?> call, boolean ownerOnly) {
        synchronized (cluster) {
            if (!cluster.failWith.isEmpty()) {
                call.onError(FakeCluster.error(cluster.failWith, Map.of()));
                return true;
            }
            if (ownerOnly && !cluster.owner().equals(address)) {
                call.onError(FakeCluster.error("NOT_OWNER", Map.of("ownerGrpc", cluster.owner())));
                return true;
            }
            return false;
        }
    }

    @Override
    public StreamObserver<AppendRequest> append(StreamObserver<AppendResponse> answers) {
        var call = (ServerCallStreamObserver<AppendResponse>) answers;
        return new StreamObserver<>() {
            private String session = "";
            private boolean over;

            @Override
            public void onNext(AppendRequest message) {
                synchronized (cluster) {
                    if (over) {
                        return;
                    }
                    if (message.hasOpen()) {
                        session = message.getOpen().getWriterId();
                        cluster.requests.add("append " + message.getOpen().getPchannel() + " at " + address);
                        over = refuses(call, true);
                        if (!over) {
                            cluster.began(call);
                            call.onNext(AppendResponse.newBuilder()
                                    .setOpened(AppendOpened.newBuilder()
                                            .setMaxRecordBytes(1 << 20)
                                            .setMaxMessageBytes(4 << 20)
                                            .setMaxBatchBytes(2 << 20))
                                    .build());
                        }
                        return;
                    }
                    answer(message);
                }
            }

            private void answer(AppendRequest message) {
                if (cluster.silent || !cluster.isOpen(call)) {
                    return;
                }
                var answer = cluster.append(address, session, message.getBatch());
                if (answer.lost()) {
                    over = true;
                } else if (answer.problem() != null) {
                    call.onNext(AppendResponse.newBuilder()
                            .setProblem(answer.problem())
                            .build());
                } else {
                    var ack = Objects.requireNonNull(answer.ack());
                    call.onNext(AppendResponse.newBuilder()
                            .setAck(AppendAck.newBuilder()
                                    .setTerm(ack.term())
                                    .setFirst(ack.first())
                                    .setLast(ack.last())
                                    .setRepeated(ack.repeated()))
                            .build());
                }
            }

            @Override
            public void onError(Throwable cancelled) {
                cluster.ended(call);
            }

            @Override
            public void onCompleted() {
                cluster.ended(call);
                call.onCompleted();
            }
        };
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadResponse> messages) {
        if (refuses(messages, false)) {
            return;
        }
        synchronized (cluster) {
            cluster.requests.add("read at " + address + " from "
                    + (request.hasLsn() ? "LSN " + request.getLsn() : "" + request.getEdge()));
            var from = request.hasLsn()
                    ? request.getLsn()
                    : request.getEdge() == Edge.EDGE_TAIL ? cluster.records.size() : cluster.oldest;
            if (from > cluster.records.size()) {
                messages.onError(FakeCluster.error("BEYOND_TAIL", Map.of("tail", "" + cluster.records.size())));
                return;
            }
            var call = (ServerCallStreamObserver<ReadResponse>) messages;
            var reading = new Reading(call, from, request.getUntilTail());
            call.setOnReadyHandler(() -> {
                synchronized (cluster) {
                    reading.send();
                }
            });
            call.setOnCancelHandler(() -> {
                synchronized (cluster) {
                    cluster.ended(call);
                    readers.remove(reading);
                }
            });
            cluster.began(call);
            readers.add(reading);
            reading.send();
        }
    }

    void wakeReaders() {
        List.copyOf(readers).forEach(Reading::send);
    }

    private final class Reading {
        private final ServerCallStreamObserver<ReadResponse> call;
        private final boolean untilTail;
        private long next;
        private boolean first = true;

        Reading(ServerCallStreamObserver<ReadResponse> call, long next, boolean untilTail) {
            this.call = call;
            this.next = next;
            this.untilTail = untilTail;
        }

        void send() {
            while (call.isReady() && (first || next < cluster.records.size())) {
                first = false;
                var end = Math.min(cluster.records.size(), next + cluster.recordsInMessage);
                var records = cluster.records.subList((int) next, (int) end);
                if (cluster.skipRecord) {
                    cluster.skipRecord = false;
                    records = records.subList(1, records.size());
                }
                next = end;
                cluster.messagesSent++;
                call.onNext(ReadResponse.newBuilder()
                        .addAllRecords(records)
                        .setNext(next)
                        .setTail(cluster.records.size())
                        .setOldest(cluster.oldest)
                        .setCaughtUp(next == cluster.records.size())
                        .build());
            }
            if (untilTail && !first && next == cluster.records.size() && readers.remove(this)) {
                cluster.ended(call);
                call.onCompleted();
            }
        }
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> answer) {
        synchronized (cluster) {
            cluster.requests.add("describe at " + address);
            if (cluster.mute.contains(address)) {
                return;
            }
        }
        if (!refuses(answer, request.getConfirmTail())) {
            answer.onNext(DescribeResponse.newBuilder().setLog(description()).build());
            answer.onCompleted();
        }
    }

    private LogDescription description() {
        synchronized (cluster) {
            return LogDescription.newBuilder()
                    .setPchannel(FakeCluster.LOG)
                    .setState("available")
                    .setOwnerGrpc(cluster.owner())
                    .setTail(cluster.records.size())
                    .build();
        }
    }

    @Override
    public void listLogs(ListLogsRequest request, StreamObserver<ListLogsResponse> answer) {
        if (!refuses(answer, false)) {
            answer.onNext(ListLogsResponse.newBuilder().addLogs(description()).build());
            answer.onCompleted();
        }
    }

    @Override
    public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> answer) {
        if (!refuses(answer, false)) {
            answer.onNext(CreateTopicResponse.newBuilder()
                    .setOutcome(CreateTopicResponse.Outcome.OUTCOME_CREATED)
                    .setPchannels(request.getPchannels())
                    .build());
            answer.onCompleted();
        }
    }

    @Override
    public void trim(TrimRequest request, StreamObserver<TrimResponse> answer) {
        if (!refuses(answer, true)) {
            answer.onNext(
                    TrimResponse.newBuilder().setOldest(request.getBefore()).build());
            answer.onCompleted();
        }
    }
}
