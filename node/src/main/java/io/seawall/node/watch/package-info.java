/**
 * What a node watches while it runs, because it cannot learn it from its own logs: whether Kafka answers, transactions of other
 * programs, timestamps that are ahead, sizes on disk. One thread checks, any thread may read the last results.
 */
@NullMarked
package io.seawall.node.watch;

import org.jspecify.annotations.NullMarked;
