package io.seawall.kafkasim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The writer sessions of a run: a few long ones, and sometimes so many that the log forgets older ones. */
final class SessionWork {
    private static final int SESSIONS = 3;
    private static final int MOST_RETIRED = 3;
    private static final int CROWD = 40;

    private final SimWorld world;
    private final SplittableRandom random;
    private final List<Session> active = new ArrayList<>();
    private final List<Session> retired = new ArrayList<>();
    private int named;

    SessionWork(SimWorld world) {
        this.world = world;
        this.random = world.faults().random();
        replaceActive();
    }

    private Session newSession() {
        return new Session("s" + named++, world.log());
    }

    private void replaceActive() {
        retired.addAll(active);
        retired.forEach(Session::retire);
        while (retired.size() > MOST_RETIRED) {
            retired.remove(0);
        }
        active.clear();
        while (active.size() < SESSIONS) {
            active.add(newSession());
        }
    }

    /** Sends the next batch of a session, or repeats one. */
    void append(SimNode node, Opened log, int count, int padding) {
        var from = !retired.isEmpty() && random.nextInt(8) == 0 ? retired : active;
        var session = from.get(random.nextInt(from.size()));
        var again = session.hasSent() && (!session.mayGoOn() || random.nextInt(3) == 0);
        if (!again && !session.mayGoOn()) {
            return; // retired before its first batch was answered
        }
        node.send(
                log,
                again ? session.again(random) : session.next(world.history().begin(count, padding)));
    }

    /** Lets many sessions write one record each, so that the log may forget earlier sessions. */
    void crowd(SimNode node, Opened log) {
        replaceActive();
        for (var left = CROWD; left > 0; left--) {
            node.send(log, newSession().next(world.history().begin(1, 0)));
        }
    }
}
