package io.seawall.node.grpc.admin;

import io.grpc.stub.StreamObserver;
import io.seawall.node.grpc.call.GrpcErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The answer to one call. The first one is sent, later ones are ignored. Thread-safe. */
final class Answer<A> {
    private final StreamObserver<A> client;
    private final GrpcErrors errors;
    private final AtomicBoolean given = new AtomicBoolean();

    Answer(StreamObserver<A> client, GrpcErrors errors) {
        this.client = client;
        this.errors = errors;
    }

    void give(A message) {
        if (given.compareAndSet(false, true)) {
            client.onNext(message);
            client.onCompleted();
        }
    }

    void fail(Throwable why) {
        if (given.compareAndSet(false, true)) {
            client.onError(errors.toStatus(why));
        }
    }

    /** Runs a step; its exception becomes the answer. */
    void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Continues when a future completes, on the completing thread; an exception of the next step becomes the answer. */
    <T> void when(CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
        var unused = future.handle((value, failure) -> {
            attempt(() -> {
                if (failure == null) {
                    done.accept(value);
                } else {
                    failed.accept(failure);
                }
            });
            return true;
        });
    }
}
