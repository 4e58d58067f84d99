package io.seawall.kafkasim;

import io.seawall.wal.Wal;
import java.util.ArrayList;
import java.util.List;

/** An opened log in the hands of a caller, with the appends that it has not answered yet. */
final class Opened {
    private final Wal wal;
    private final List<Attempt> attempts = new ArrayList<>();
    private boolean over;

    /** One time that the log was asked to write a batch. */
    static final class Attempt {
        private final History.Append append;
        private boolean answered;

        private Attempt(History.Append append) {
            this.append = append;
        }

        History.Append append() {
            return append;
        }

        boolean isAnswered() {
            return answered;
        }
    }

    Opened(Wal wal) {
        this.wal = wal;
    }

    Wal wal() {
        return wal;
    }

    Attempt asked(History.Append append) {
        var attempt = new Attempt(append);
        attempts.add(attempt);
        return attempt;
    }

    /**
     * Notes an answer.
     *
     * @return whether everything that was asked before is answered
     */
    boolean answered(Attempt attempt) {
        attempt.answered = true;
        return attempts.subList(0, attempts.indexOf(attempt)).stream().allMatch(Attempt::isAnswered);
    }

    /** In the order in which the caller asked. */
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
