package io.seawall.node.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Decides whether a request is looked at at all. Runs on a Jetty thread and must not block there. */
@FunctionalInterface
interface Gate {
    /** Lets the request in, or throws what becomes its answer. */
    void check(Request request, Response response);
}
