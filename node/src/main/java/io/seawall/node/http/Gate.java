package io.seawall.node.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Decides whether a request is processed at all. Runs on a Jetty thread and must not block it. */
@FunctionalInterface
interface Gate {
    /** Lets the request in, or throws the exception that becomes its answer. */
    void check(Request request, Response response);
}
