package io.seawall.node.http.exchange;

/** Handles one method on one path. Runs on a Jetty thread and must not block it. */
@FunctionalInterface
public interface Endpoint {
    /** Answers the exchange, now or later; an exception that it throws becomes the answer. */
    void handle(Exchange exchange);
}
