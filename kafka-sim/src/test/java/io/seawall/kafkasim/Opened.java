package io.seawall.kafkasim;

import io.seawall.wal.FlushableWal;
import java.util.ArrayList;
import java.util.List;

/** An opened log in the hands of a caller, with the appends that are not answered yet. */
final class Opened {
    private final FlushableWal wal;
    private final List<Attempt> attempts = new ArrayList<>();
    private boolean over;

    /** One request to the log to write a batch. */
    static final class Attempt {
        private final SimHistory.Append append;
        private boolean answered;

        private Attempt(SimHistory.Append append) {
            this.append = append;
        }

        SimHistory.Append append() {
            return append;
        }

        boolean isAnswered() {
            return answered;
        }
    }

    Opened(FlushableWal wal) {
        this.wal = wal;
    }

    FlushableWal wal() {
        return wal;
    }

    Attempt asked(SimHistory.Append append) {
        var attempt = new Attempt(append);
        attempts.add(attempt);
        return attempt;
    }

    /**
     * Records an answer.
     *
     * @return whether all earlier requests are answered
     */
    boolean answered(Attempt attempt) {
        attempt.answered = true;
        return attempts.subList(0, attempts.indexOf(attempt)).stream().allMatch(Attempt::isAnswered);
    }

    /** Returns the attempts in the order in which the caller made them. */
    List<Attempt> attempts() {
        return attempts;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
