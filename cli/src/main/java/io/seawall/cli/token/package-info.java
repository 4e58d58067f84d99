/** The commands that change an access file, on the machine where it is. Each runs on the thread that calls it. */
@NullMarked
package io.seawall.cli.token;

import org.jspecify.annotations.NullMarked;
