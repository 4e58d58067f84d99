/**
 * Files that operators replace while the node runs: certificates and whatever else must change without a restart. One thread loads
 * them, and a periodic task of the node checks them; what they hold is used by other threads through the users of the files.
 */
@NullMarked
package io.seawall.node.reload;

import org.jspecify.annotations.NullMarked;
