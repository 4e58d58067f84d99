package io.seawall.node.http;

/** What one method on one path does. Runs on a Jetty thread and must not block there. */
@FunctionalInterface
interface Endpoint {
    /** Answers the exchange, now or later; what it throws becomes the answer. */
    void handle(Exchange exchange);
}
