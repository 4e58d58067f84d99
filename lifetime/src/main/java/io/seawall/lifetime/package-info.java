/**
 * Takes each pchannel of this process to the state that it is expected to be in: available at a term, or unavailable. Knows
 * logs only through {@link io.seawall.wal.WalOpener} and the flusher only through {@link io.seawall.lifetime.FlusherHook}.
 *
 * <p>Decisions are pure ({@code Lifetime}, {@code Phase}); one short lock per pchannel puts them in order; what they ask for is
 * done outside of it. Everything public may be called from any thread.
 */
@NullMarked
package io.seawall.lifetime;

import org.jspecify.annotations.NullMarked;
