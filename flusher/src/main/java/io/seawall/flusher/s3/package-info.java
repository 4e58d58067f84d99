/**
 * Segments in a bucket of an S3-compatible object store, through the AWS SDK; no other package uses the SDK's types. Calls
 * block, have a time limit, and may come from any thread.
 */
@NullMarked
package io.seawall.flusher.s3;

import org.jspecify.annotations.NullMarked;
