package io.seawall.it;

/** A place where something of a node has been made to stand still. */
interface Standstill {
    /** Waits until it does. */
    void awaitStruck();

    /** Lets it go on, if it still can. */
    void release();
}
