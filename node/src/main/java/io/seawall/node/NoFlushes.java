package io.seawall.node;

import io.seawall.node.ports.Flushes;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Rejects every call, because flushing is switched off. */
class NoFlushes implements Flushes {
    @Override
    public CompletableFuture<Long> flush(PChannel pchannel) {
        return CompletableFuture.failedFuture(off("flush " + pchannel));
    }

    @Override
    public void pause(PChannel pchannel) {
        throw off("pause the flushing of " + pchannel);
    }

    @Override
    public void resume(PChannel pchannel) {
        throw off("resume the flushing of " + pchannel);
    }

    @Override
    public List<Segment> segments(PChannel pchannel, long from, int limit) {
        throw off("list the segments of " + pchannel);
    }

    @Override
    public Verified verify(PChannel pchannel) {
        throw off("verify the segments of " + pchannel);
    }

    @Override
    public List<PChannel> pchannelsWithSegments(String topic) {
        throw off("find segments of topic " + topic);
    }

    @Override
    public int deleteSegments(PChannel pchannel) {
        throw off("delete the segments of " + pchannel);
    }

    private static WalException off(String operation) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found("flush.enabled=false on this node")
                .fix("set flush.enabled=true")
                .exception();
    }
}
