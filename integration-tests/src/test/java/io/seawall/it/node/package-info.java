/**
 * The node and the command line as users run them: as processes, over HTTP, killed and restarted.
 */
@NullMarked
package io.seawall.it.node;

import org.jspecify.annotations.NullMarked;
