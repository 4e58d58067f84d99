package io.seawall.lifetime;

import java.util.List;

/** The result of an event: the next value, and the actions to take, in this order. */
record Decision(Lifetime next, List<Action> actions) {
    Decision(Lifetime next, List<Action> actions) {
        this.next = next;
        this.actions = List.copyOf(actions);
    }
}
