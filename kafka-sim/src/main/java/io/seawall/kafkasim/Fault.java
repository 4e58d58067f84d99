package io.seawall.kafkasim;

/** The random faults, each with its probability per ten thousand opportunities in a run that enables it. */
public enum Fault {
    /** A request never arrives; the connection breaks. */
    REQUEST_LOST(40),
    /** A request is carried out and its answer is lost; the connection breaks. */
    ANSWER_LOST(60),
    /** The connection breaks, but the request arrives, up to {@link Faults#LONGEST_STUCK_US} later. */
    REQUEST_STUCK(50),
    /** An answer or a request takes as long as a garbage collection. */
    SLOW(150),
    /** A marker comes late: a commit was answered long before the partition shows it. */
    LATE_MARKER(800),
    /** A reader's client is directed to a deposed leader as if it still led. */
    STALE_METADATA(5_000),
    /** A task of a process is delayed, as if its thread had no processor. */
    LATE_TASK(120),
    /** A request about a topic gets no answer. */
    ADMIN_TIMEOUT(50);

    private final int perTenThousand;

    Fault(int perTenThousand) {
        this.perTenThousand = perTenThousand;
    }

    int perTenThousand() {
        return perTenThousand;
    }
}
