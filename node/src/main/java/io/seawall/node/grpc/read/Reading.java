package io.seawall.node.grpc.read;

import io.seawall.api.v1.Edge;
import io.seawall.api.v1.ReadRequest;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What a client wants to read.
 *
 * @param pchannel the log
 * @param from where to start
 * @param view which records are visible
 * @param untilTail whether the call ends at the tail
 * @param limit the most records, {@link Long#MAX_VALUE} for any number
 * @param batchBytes the most bytes of records in one message
 */
record Reading(PChannel pchannel, StartPosition from, View view, boolean untilTail, long limit, int batchBytes) {
    private static final int MOST_NANOS = 999_999_999;

    /**
     * Checks a request.
     *
     * @throws io.seawall.wal.RequestException with code INVALID
     */
    static Reading of(ReadRequest request) {
        var pchannel = PChannel.parse(request.getPchannel());
        return new Reading(
                pchannel,
                from(pchannel, request),
                view(pchannel, request),
                request.getUntilTail(),
                limit(pchannel, request),
                batchBytes(pchannel, request));
    }

    private static StartPosition from(PChannel pchannel, ReadRequest request) {
        return switch (request.getFromCase()) {
            case LSN -> StartPosition.atLsn(request.getLsn());
            case TIME -> StartPosition.atTime(time(pchannel, request));
            case EDGE -> edge(pchannel, request);
            case FROM_NOT_SET -> StartPosition.oldest();
        };
    }

    private static Instant time(PChannel pchannel, ReadRequest request) {
        var time = request.getTime();
        var seconds = time.getSeconds();
        var nanos = time.getNanos();
        if (nanos < 0 || nanos > MOST_NANOS) {
            throw invalid(pchannel, "time with " + nanos + " nanoseconds", "0 to " + MOST_NANOS);
        }
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException outOfRange) {
            throw invalid(
                    pchannel, "time with " + seconds + " seconds", "a time from year 1 to 9999, in seconds since 1970");
        }
    }

    private static StartPosition edge(PChannel pchannel, ReadRequest request) {
        return switch (request.getEdge()) {
            case EDGE_UNSPECIFIED, EDGE_OLDEST -> StartPosition.oldest();
            case EDGE_TAIL -> StartPosition.tail();
            case UNRECOGNIZED ->
                throw invalid(
                        pchannel,
                        "edge " + request.getEdgeValue(),
                        Edge.EDGE_OLDEST.getNumber() + " (oldest) or " + Edge.EDGE_TAIL.getNumber() + " (tail)");
        };
    }

    private static View view(PChannel pchannel, ReadRequest request) {
        return switch (request.getView()) {
            case VIEW_UNSPECIFIED, VIEW_LIVE -> View.LIVE;
            case VIEW_COMMITTED -> View.COMMITTED;
            case UNRECOGNIZED -> throw invalid(pchannel, "view " + request.getViewValue(), "1 (live) or 2 (committed)");
        };
    }

    private static long limit(PChannel pchannel, ReadRequest request) {
        if (request.getLimit() < 0) {
            throw invalid(pchannel, "limit " + request.getLimit(), "0 for any number of records, or more");
        }
        return request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    }

    private static int batchBytes(PChannel pchannel, ReadRequest request) {
        if (request.getMaxBatchBytes() < 0) {
            throw invalid(
                    pchannel, "max_batch_bytes " + request.getMaxBatchBytes(), "0 for the server's choice, or more");
        }
        return request.getMaxBatchBytes() == 0
                ? GrpcLimits.READ_BATCH_BYTES
                : Math.min(request.getMaxBatchBytes(), GrpcLimits.MOST_READ_BATCH_BYTES);
    }

    private static WalException invalid(PChannel pchannel, String found, String expected) {
        return Problem.of(ErrorCode.INVALID, "read " + pchannel)
                .pchannel(pchannel)
                .found(found)
                .expected(expected)
                .exception();
    }
}
