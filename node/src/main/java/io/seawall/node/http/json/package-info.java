/**
 * JSON for requests and answers: strict parsing of bodies, small objects, and text that is safe to show. Nothing here waits; an
 * instance is used by one thread.
 */
@NullMarked
package io.seawall.node.http.json;

import org.jspecify.annotations.NullMarked;
