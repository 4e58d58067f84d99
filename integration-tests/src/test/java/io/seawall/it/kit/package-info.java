/**
 * What the tests share: brokers, nodes as processes, load over HTTP, the history of what callers were told and the
 * check against it. Each type says whether several threads may use it.
 */
@NullMarked
package io.seawall.it.kit;

import org.jspecify.annotations.NullMarked;
