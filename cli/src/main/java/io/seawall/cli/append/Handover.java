package io.seawall.cli.append;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A body that reports when its last byte was handed to the connection, or when that failed. May report more than once. */
final class Handover implements BodyPublisher {
    private final BodyPublisher body;
    private final Runnable done;

    Handover(BodyPublisher body, Runnable done) {
        this.body = body;
        this.done = done;
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> connection) {
        body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                connection.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                connection.onNext(bytes);
            }

            @Override
            public void onError(Throwable error) {
                connection.onError(error);
                done.run();
            }

            @Override
            public void onComplete() {
                connection.onComplete();
                done.run();
            }
        });
    }
}
