/** The Java client on real nodes and brokers. */
@NullMarked
package io.seawall.it.client;

import org.jspecify.annotations.NullMarked;
