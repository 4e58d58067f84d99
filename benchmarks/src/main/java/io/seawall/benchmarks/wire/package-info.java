/**
 * A node as clients see it: gRPC, HTTP, the Java client and the commands, each beside what it is compared with, in one run on the
 * same brokers. The threads of gRPC answer; each type says which other threads it has.
 */
@NullMarked
package io.seawall.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
