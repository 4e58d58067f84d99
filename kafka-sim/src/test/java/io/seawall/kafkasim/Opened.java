package io.seawall.kafkasim;

import io.seawall.wal.Wal;
import java.util.ArrayList;
import java.util.List;

/** An opened log in the hands of a caller, with the appends that it has not answered yet. */
final class Opened {
    private final Wal wal;
    private final List<History.Append> appends = new ArrayList<>();
    private boolean over;

    Opened(Wal wal) {
        this.wal = wal;
    }

    Wal wal() {
        return wal;
    }

    void appended(History.Append append) {
        appends.add(append);
    }

    /** The appends, in the order in which the caller made them. */
    List<History.Append> appends() {
        return appends;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
