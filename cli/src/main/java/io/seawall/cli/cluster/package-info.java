/**
 * Commands that show the cluster and order changes of it. Each asks the node that it is given, which redirects to the coordinator.
 * For the main thread.
 */
@NullMarked
package io.seawall.cli.cluster;

import org.jspecify.annotations.NullMarked;
