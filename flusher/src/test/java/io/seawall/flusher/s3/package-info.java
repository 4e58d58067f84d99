@NullMarked
package io.seawall.flusher.s3;

import org.jspecify.annotations.NullMarked;
