package io.seawall.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open parts of a node; closes them in the reverse order of their opening. Thread-safe. */
final class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // guarded by this; the last one first

    /** Adds a part; returns it. */
    synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Closes all parts, even if one of them fails. May be called more than once. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.close();
            } catch (Exception error) { // AutoCloseable.close declares Exception
                LOG.atWarn()
                        .setCause(error)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("did not close cleanly");
            }
        }
    }
}
