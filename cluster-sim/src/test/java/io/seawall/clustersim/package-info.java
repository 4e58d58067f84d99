/**
 * A simulation of whole clusters: the real members, lifetimes, followers and logs in one thread, on simulated ports, and judges
 * that watch them.
 */
@NullMarked
package io.seawall.clustersim;

import org.jspecify.annotations.NullMarked;
