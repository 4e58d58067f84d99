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

    /** Returns the next address in turn. */
    public String at(int turn) {
        var index = Math.floorMod(turn, given.size() + learned.size());
        return index < given.size() ? given.get(index) : learned.get(index - given.size());
    }

    /** Returns whether the user gave the address, or it is known as an owner's. */
    public boolean knows(String address) {
        return given.contains(address) || learned.contains(address);
    }
}
