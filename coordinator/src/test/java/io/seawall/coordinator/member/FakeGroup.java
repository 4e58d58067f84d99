package io.seawall.coordinator.member;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A group whose answers a test decides about. */
final class FakeGroup implements Group {
    private final List<String> removed = new ArrayList<>();
    private @Nullable Listener listener;
    private Optional<Set<String>> members = Optional.empty();
    private boolean removes = true;
    private boolean broken;
    private int questions;
    private boolean closed;

    /** The group answers with these members; without them it does not answer at all. */
    void members(String... names) {
        members = names.length == 0 ? Optional.empty() : Optional.of(Set.of(names));
    }

    /** Questions fail as no question should. */
    void broken(boolean now) {
        broken = now;
    }

    void removes(boolean now) {
        removes = now;
    }

    Listener listener() {
        if (listener == null) {
            throw new IllegalStateException("not joined");
        }
        return listener;
    }

    List<String> removed() {
        return removed;
    }

    int questions() {
        return questions;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void join(Listener next) {
        listener = next;
    }

    @Override
    public CompletableFuture<Set<String>> members() {
        questions++;
        if (broken) {
            throw new IllegalStateException("a fault of the test");
        }
        return members.map(CompletableFuture::completedFuture).orElseGet(CompletableFuture::new);
    }

    @Override
    public CompletableFuture<Void> remove(String node) {
        removed.add(node);
        return removes ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(FakeTopic.error());
    }

    @Override
    public void close() {
        closed = true;
    }
}
