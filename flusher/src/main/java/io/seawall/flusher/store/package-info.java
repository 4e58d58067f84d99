/**
 * Where segments are kept: the contract of a store, the store in a folder, and what is read and verified of segments on
 * any store, with or without a node. Calls block; stores may be used from any thread, iterators by one.
 */
@NullMarked
package io.seawall.flusher.store;

import org.jspecify.annotations.NullMarked;
