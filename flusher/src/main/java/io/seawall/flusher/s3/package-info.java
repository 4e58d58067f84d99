/**
 * Segments in a bucket of an S3-compatible object store, through the AWS SDK, whose types no other package sees. Calls block,
 * are bounded in time, and may come from any thread.
 */
@NullMarked
package io.seawall.flusher.s3;

import org.jspecify.annotations.NullMarked;
