/**
 * Takes each pchannel of this process to the state that is expected: available at a term, or unavailable. Accesses logs only
 * through {@link io.seawall.wal.WalOpener} and the flusher only through {@link io.seawall.lifetime.FlusherHook}.
 *
 * <p>Decisions are pure ({@code Lifetime}, {@code LifetimePhase}); one short lock per pchannel orders them; their actions run outside
 * the lock. Everything public is thread-safe.
 */
@NullMarked
package io.seawall.lifetime;

import org.jspecify.annotations.NullMarked;
