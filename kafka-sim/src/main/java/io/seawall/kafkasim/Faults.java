package io.seawall.kafkasim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The only random source of a run, and its faults: which ones can occur, and how often they did. */
public final class Faults {
    /** The longest time that a request is held up between two machines. */
    static final long LONGEST_STUCK_US = 40_000_000;

    private final SplittableRandom random;
    private final Set<Fault> possible = EnumSet.noneOf(Fault.class);
    private final Map<Fault, Long> struck = new EnumMap<>(Fault.class);
    private boolean calm;

    private Faults(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Enables each kind of fault in about half of all runs, so that some occur alone. */
    public static Faults of(long seed) {
        var faults = new Faults(seed);
        for (var fault : Fault.values()) {
            if (faults.random.nextInt(100) < 60) {
                faults.possible.add(fault);
            }
        }
        return faults;
    }

    /** Returns faults of which none ever occurs. */
    public static Faults none(long seed) {
        return new Faults(seed);
    }

    /** Returns the random source of the whole run. */
    public SplittableRandom random() {
        return random;
    }

    /** Disables all faults from now on. */
    public void calm() {
        calm = true;
    }

    /** Returns how often each fault occurred. */
    public Map<Fault, Long> struck() {
        return struck;
    }

    boolean strikes(Fault fault) {
        if (calm || !possible.contains(fault) || random.nextInt(10_000) >= fault.perTenThousand()) {
            return false;
        }
        struck.merge(fault, 1L, Long::sum);
        return true;
    }

    /** Returns a number of microseconds, usually near the lower end. */
    long between(long fromUs, long toUs) {
        var span = toUs - fromUs;
        var part = random.nextDouble();
        return fromUs + (long) (span * part * part);
    }

    /** Returns how long a message travels. */
    long travelUs() {
        return strikes(Fault.SLOW) ? between(1_000, 400_000) : between(100, 600);
    }
}
