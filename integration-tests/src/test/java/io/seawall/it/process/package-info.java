/** Control of the processes that tests start. */
@NullMarked
package io.seawall.it.process;

import org.jspecify.annotations.NullMarked;
