/**
 * Wrong inputs of all kinds, and the page with what comes back. The test's thread sends one input after the other.
 */
@NullMarked
package io.seawall.it.inputs;

import org.jspecify.annotations.NullMarked;
