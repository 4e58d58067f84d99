/**
 * What the node adds to logback, which loads it by name from {@code logback.xml}. Appenders call it from any thread; it does not
 * block.
 */
@NullMarked
package io.seawall.node.logging;

import org.jspecify.annotations.NullMarked;
