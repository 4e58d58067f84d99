package io.seawall.client.internal.rpc;

import java.util.ArrayList;
import java.util.List;

/**
 * The addresses of nodes: those that the user gave, then owners that nodes named, so that a client that was given one node goes
 * on when that one dies. Used by the client's thread.
 */
public final class Endpoints {
    /** How many addresses are learned; the oldest one goes when another is learned. */
    private static final int MOST_LEARNED = 16;

    private final List<String> given;
    private final List<String> learned = new ArrayList<>();

    /** Creates the addresses with those that the user gave. */
    public Endpoints(List<String> given) {
        this.given = List.copyOf(given);
    }

    /** Adds the address of an owner. */
    public void learn(String address) {
        if (!given.contains(address)) {
            learned.remove(address);
            learned.add(address);
            if (learned.size() > MOST_LEARNED) {
                learned.remove(0);
            }
        }
    }

    /**
     * Returns the next address in turn: one that the user gave, then one that was learned, the last one first. So many learned
     * addresses of nodes that are not there any more do not keep a client from the others for long.
     */
    public String at(int turn) {
        if (learned.isEmpty()) {
            return given.get(Math.floorMod(turn, given.size()));
        }
        var half = Math.floorDiv(turn, 2);
        return Math.floorMod(turn, 2) == 0
                ? given.get(Math.floorMod(half, given.size()))
                : learned.get(learned.size() - 1 - Math.floorMod(half, learned.size()));
    }

    /** Returns whether the user gave the address, or it is known as an owner's. */
    public boolean knows(String address) {
        return given.contains(address) || learned.contains(address);
    }
}
