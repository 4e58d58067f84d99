/**
 * Tests of the whole: the rules of the architecture here, and everything together on real brokers in the packages
 * below. Each test starts what it needs and ends it by process id.
 */
@NullMarked
package io.seawall.it;

import org.jspecify.annotations.NullMarked;
