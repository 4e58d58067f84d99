package io.seawall.clustersim;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One process's access to the store. A call blocks while the rest of the simulation goes on. Requests are slow or lost, a put may
 * arrive long after its caller gave up, and its answer may be lost. A process that stands still asks for nothing, but what it sent
 * arrives.
 */
final class StorePort implements SegmentStore {
    private static final long LATEST_PUT_MS = 30_000;

    private final World world;
    private final SimMember member;
    private boolean cut;

    StorePort(World world, SimMember member) {
        this.world = world;
        this.member = member;
    }

    /** Cuts the process off from the store, or ends that. */
    void cut(boolean now) {
        cut = now;
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        var content = Files.readAllBytes(file);
        go();
        var fate = world.isHealed() ? 100 : world.random().nextInt(100);
        if (isAway() || fate < 3) {
            world.count("puts that were lost");
            throw noAnswer("put " + key);
        }
        if (fate < 6) {
            world.count("puts that came late");
            world.after(world.random().nextLong(50, LATEST_PUT_MS), () -> put(key, content));
            throw noAnswer("put " + key);
        }
        block(travelMs());
        var result = put(key, content);
        if (fate < 9) {
            world.count("answers to puts that were lost");
            throw noAnswer("put " + key);
        }
        block(travelMs());
        go();
        return result;
    }

    private PutResult put(SegmentKey key, byte[] content) {
        var result = world.store().put(key, content);
        world.segments().onPut(member, key, result);
        return result;
    }

    /** A question to the store, without delays. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(SegmentStore store) throws IOException;
    }

    private <T> T ask(String what, Question<T> question) throws IOException {
        go();
        if (isAway() || (!world.isHealed() && world.chance(0.01))) {
            throw noAnswer(what);
        }
        block(travelMs());
        var answer = question.ask(world.store());
        block(travelMs());
        go();
        return answer;
    }

    /** Waits until the process may go on; one that was killed gets an error, and nothing that it does then has an effect. */
    private void go() throws IOException {
        var process = member.process();
        world.loop().runUntil(() -> process.isRunning() || process.isKilled(), Long.MAX_VALUE / 4);
        if (process.isKilled()) {
            throw new IOException("the process is dead");
        }
    }

    private boolean isAway() {
        return cut || world.isStoreAway();
    }

    private IOException noAnswer(String what) {
        block(
                world.chance(0.2)
                        ? world.random().nextLong(300, 3_000)
                        : world.random().nextLong(1, 30));
        return new IOException("simulated: no answer to " + what);
    }

    private long travelMs() {
        var draw = world.isHealed() ? 0 : world.random().nextInt(100);
        return draw < 80 ? 0 : world.random().nextLong(1, draw < 98 ? 20 : 2_500);
    }

    private void block(long forMs) {
        if (forMs > 0) {
            world.loop().runFor(forMs * 1_000);
        }
    }

    @Override
    public List<PChannel> pchannels() throws IOException {
        return ask("list the logs", SegmentStore::pchannels);
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) throws IOException {
        return ask("list " + pchannel, store -> store.list(pchannel, above));
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) throws IOException {
        return ask("find the last of " + pchannel, store -> store.last(pchannel));
    }

    @Override
    public InputStream open(SegmentKey key, long fromByte) throws IOException {
        return ask("open " + key, store -> store.open(key, fromByte));
    }

    @Override
    public long sizeBytes(SegmentKey key) throws IOException {
        return ask("measure " + key, store -> store.sizeBytes(key));
    }

    @Override
    public void delete(SegmentKey key) throws IOException {
        world.store().delete(key);
    }

    @Override
    public String storeId() throws IOException {
        return ask("name itself", SegmentStore::storeId);
    }

    @Override
    public String describe(SegmentKey key) {
        return world.store().describe(key);
    }
}
