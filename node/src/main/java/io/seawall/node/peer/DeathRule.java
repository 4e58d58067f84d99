package io.seawall.node.peer;

/**
 * Decides from how attempts ended whether a process is dead. A value: an end goes in, the next value comes out.
 *
 * <p>A process is dead if its stream was cut and the next attempt to connect to the same address was refused: its system has
 * closed both, and answers. Nothing else counts: time-outs and missing routes say something about the network or the host, a
 * stream that ended properly comes from a node that stops in order, and the stream of another process says nothing about this
 * one.
 *
 * <p>A system that ends a process closes its sockets one after the other. So an attempt may still be accepted by the listening
 * socket, and be cut when that is closed a moment later. Such an attempt says nothing, and the next one counts in its place.
 *
 * @param cut whether the last attempt that counts was a stream of the process that was cut
 * @param uncounted how many attempts in a row since then did not count
 * @param dead whether the last end has proved that the process is dead
 */
record DeathRule(boolean cut, int uncounted, boolean dead) {
    static final DeathRule INITIAL = new DeathRule(false, 0, false);
    private static final int MOST_UNCOUNTED = 3;

    /**
     * Returns the next value.
     *
     * @param end how an attempt ended
     * @param ofProcess whether its stream was one of the process
     */
    DeathRule after(StreamEnd end, boolean ofProcess) {
        return switch (end) {
            case CUT -> new DeathRule(ofProcess, 0, false);
            case CUT_BEFORE_ANSWER ->
                cut && uncounted < MOST_UNCOUNTED ? new DeathRule(true, uncounted + 1, false) : INITIAL;
            case REFUSED -> new DeathRule(false, 0, cut);
            case PROPER, OTHER -> INITIAL;
        };
    }
}
