/**
 * The service: {@link io.seawall.node.Node} puts the modules together. The adapters that let them meet without knowing each
 * other are here; the HTTP layer, the configuration and the metrics have packages of their own.
 */
@NullMarked
package io.seawall.node;

import org.jspecify.annotations.NullMarked;
