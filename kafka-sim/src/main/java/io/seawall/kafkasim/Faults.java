package io.seawall.kafkasim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The one random source of a run, and the weather: which faults can strike in it, and how often they did. */
public final class Faults {
    /** The longest that a request hangs somewhere between two machines. */
    static final long LONGEST_STUCK_US = 40_000_000;

    private final SplittableRandom random;
    private final Set<Fault> possible = EnumSet.noneOf(Fault.class);
    private final Map<Fault, Long> struck = new EnumMap<>(Fault.class);
    private boolean calm;

    private Faults(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Each kind of fault strikes in about half of all runs, so that some are seen alone. */
    public static Faults of(long seed) {
        var faults = new Faults(seed);
        for (var fault : Fault.values()) {
            if (faults.random.nextInt(100) < 60) {
                faults.possible.add(fault);
            }
        }
        return faults;
    }

    /** Nothing ever goes wrong by itself. */
    public static Faults none(long seed) {
        return new Faults(seed);
    }

    /** The source of everything that is left to chance in a run. */
    public SplittableRandom random() {
        return random;
    }

    /** From now on nothing goes wrong any more. */
    public void calm() {
        calm = true;
    }

    /** How often each fault struck. */
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

    /** A number of microseconds, mostly near the lower end. */
    long between(long fromUs, long toUs) {
        var span = toUs - fromUs;
        var part = random.nextDouble();
        return fromUs + (long) (span * part * part);
    }

    /** How long a message is under way. */
    long travelUs() {
        return strikes(Fault.SLOW) ? between(1_000, 400_000) : between(100, 600);
    }
}
