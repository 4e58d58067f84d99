package io.seawall.kafkasim;

import java.util.function.Supplier;

/** What happened in a run, line by line, for whoever has to understand a violation. Off unless a run is repeated to be read. */
public final class Trace {
    private final EventLoop loop;
    private final StringBuilder text = new StringBuilder();
    private final boolean on;

    /**
     * A trace.
     *
     * @param loop tells the time
     * @param on whether lines are kept
     */
    public Trace(EventLoop loop, boolean on) {
        this.loop = loop;
        this.on = on;
    }

    /** Adds a line; the text is not made unless it is kept. */
    public void add(Supplier<String> line) {
        if (on) {
            text.append(loop.nowUs()).append(' ').append(line.get()).append('\n');
        }
    }

    /** All lines. */
    public String text() {
        return text.toString();
    }
}
