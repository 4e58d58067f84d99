/** Bugs that are planted in the source of the product, to test the simulations (decision 12). For tests; one thread at a time. */
@NullMarked
package io.seawall.plantedbugs;

import org.jspecify.annotations.NullMarked;
