/**
 * What users of the client see besides {@link io.seawall.client.SeawallClient}: writers, readers, their options, records and
 * errors. Values are immutable and may be used from any thread; writers and readers state their own rule.
 */
@NullMarked
package io.seawall.client.log;

import org.jspecify.annotations.NullMarked;
