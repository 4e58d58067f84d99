/** Everything together, on real brokers. Each test starts what it needs and ends it by process id. */
@NullMarked
package io.seawall.it;

import org.jspecify.annotations.NullMarked;
