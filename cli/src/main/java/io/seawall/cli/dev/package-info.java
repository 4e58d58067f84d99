/**
 * {@code seawall dev} and {@code seawall node}: start a node in this process, and a broker for {@code dev}, and run
 * until they are stopped. What was started is closed once, by the main thread or by the shutdown hook.
 */
@NullMarked
package io.seawall.cli.dev;

import org.jspecify.annotations.NullMarked;
