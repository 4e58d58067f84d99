/**
 * How operators see and steer the cluster: its state, its changes as events, why a log is where it is, and commands. What only the
 * coordinator knows or decides is redirected to it. Nothing here blocks, except the streams of events on threads of their pool.
 */
@NullMarked
package io.seawall.node.http.cluster;

import org.jspecify.annotations.NullMarked;
