/** Calls with one answer, which are repeated until a node gives it or the time is over. Used by the client's thread. */
@NullMarked
package io.seawall.client.internal.admin;

import org.jspecify.annotations.NullMarked;
