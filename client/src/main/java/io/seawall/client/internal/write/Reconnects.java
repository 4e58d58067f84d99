package io.seawall.client.internal.write;

import io.seawall.client.internal.rpc.CallFailure;

/** Chooses the node of the next call, and how long to wait before it. */
interface Reconnects {
    /**
     * Records a failure.
     *
     * @return how long to wait before the next call, in milliseconds
     */
    long failed(CallFailure failure);

    /** Records a success, after which pauses begin short again. */
    void succeeded();
}
