/**
 * Appends. No thread waits for an acknowledgement: the answer is sent when the future of the log completes.
 */
@NullMarked
package io.seawall.node.http.append;

import org.jspecify.annotations.NullMarked;
