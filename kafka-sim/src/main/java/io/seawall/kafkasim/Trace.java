package io.seawall.kafkasim;

import java.util.function.Supplier;

/** Records a run line by line, to explain a violation. Off unless a run is repeated for reading. */
public final class Trace {
    private final EventLoop loop;
    private final StringBuilder text = new StringBuilder();
    private final boolean on;

    /**
     * Creates a trace.
     *
     * @param loop gives the time
     * @param on whether lines are kept
     */
    public Trace(EventLoop loop, boolean on) {
        this.loop = loop;
        this.on = on;
    }

    /** Adds a line; the text is built only if it is kept. */
    public void add(Supplier<String> line) {
        if (on) {
            text.append(loop.nowUs()).append(' ').append(line.get()).append('\n');
        }
    }

    /** Returns all lines. */
    public String text() {
        return text.toString();
    }
}
