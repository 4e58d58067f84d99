/**
 * What every command needs: the standard streams, reports as tables or JSON, progress, exit codes and failures. For the
 * main thread, unless a type says otherwise.
 */
@NullMarked
package io.seawall.cli.command;

import org.jspecify.annotations.NullMarked;
