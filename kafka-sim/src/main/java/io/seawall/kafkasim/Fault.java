package io.seawall.kafkasim;

/** What may go wrong by chance, with how often it does in ten thousand occasions when the weather allows it. */
public enum Fault {
    /** A request never arrives; the connection breaks. */
    REQUEST_LOST(40),
    /** A request is carried out and its answer lost; the connection breaks. */
    ANSWER_LOST(60),
    /** The connection breaks and the request arrives all the same, up to {@link Faults#LONGEST_STUCK_US} later. */
    REQUEST_STUCK(50),
    /** An answer or a request takes as long as a garbage collection. */
    SLOW(150),
    /** A reader's client learns of a deposed leader as if it still led. */
    STALE_METADATA(5_000),
    /** A task of a process waits, as if its thread had no processor. */
    LATE_TASK(120),
    /** The answer to a question about a topic does not come. */
    ADMIN_TIMEOUT(50);

    private final int perTenThousand;

    Fault(int perTenThousand) {
        this.perTenThousand = perTenThousand;
    }

    int perTenThousand() {
        return perTenThousand;
    }
}
