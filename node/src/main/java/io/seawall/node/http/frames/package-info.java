/** Records as length-prefixed frames (docs/http-records.md), without JSON and base64. */
@NullMarked
package io.seawall.node.http.frames;

import org.jspecify.annotations.NullMarked;
