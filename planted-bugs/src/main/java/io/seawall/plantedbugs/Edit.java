package io.seawall.plantedbugs;

/**
 * One replacement in the source of the product.
 *
 * @param type the simple name of a class, in any package
 * @param fragment a piece of its source that occurs exactly once
 * @param replacement the new text
 */
public record Edit(String type, String fragment, String replacement) {}
