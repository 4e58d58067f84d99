/** Tests of all modules together, on real brokers. Each test starts what it needs, and ends processes by their ids. */
@NullMarked
package io.seawall.it;

import org.jspecify.annotations.NullMarked;
