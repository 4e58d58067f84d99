package io.seawall.lifetime;

import java.util.List;

/** What an event leads to: the next value, and what to do, in this order. */
record Decision(Lifetime next, List<Action> actions) {
    Decision(Lifetime next, List<Action> actions) {
        this.next = next;
        this.actions = List.copyOf(actions);
    }
}
