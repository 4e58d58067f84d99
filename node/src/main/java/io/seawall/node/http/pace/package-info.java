/**
 * How fast clients must send and receive, and what ends the connections of slow ones. The checks run on the scheduler of Jetty.
 */
@NullMarked
package io.seawall.node.http.pace;

import org.jspecify.annotations.NullMarked;
