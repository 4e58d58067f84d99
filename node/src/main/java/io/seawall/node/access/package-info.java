/**
 * Who may do what: rights, the entries of the access file, and the limit of refusals, without I/O. {@code guard} applies them to
 * requests. Everything is immutable or thread-safe.
 */
@NullMarked
package io.seawall.node.access;

import org.jspecify.annotations.NullMarked;
