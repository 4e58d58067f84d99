package io.seawall.it.kit;

/** A place where a part of a node is made to stop. */
public interface Standstill {
    /** Waits until the part has stopped. */
    void awaitStruck();

    /** Lets the part continue, if it still can. */
    void release();
}
