/**
 * An S3 server in a process of its own, and a proxy in front of it that makes requests fail. Both are thread-safe; the test
 * that starts one closes it.
 */
@NullMarked
package io.seawall.it.s3;

import org.jspecify.annotations.NullMarked;
