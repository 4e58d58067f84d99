package io.seawall.cli;

import io.seawall.wal.PChannel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a command that can do both works on the files or asks a node. */
final class StoreOrNode {
    private final StoreOptions store;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    StoreOrNode(StoreOptions store) {
        this.store = store;
    }

    boolean isStore() {
        if (store.given() && spec.commandLine().getParseResult().hasMatchedOption("--url")) {
            throw usage("--url asks a node, --root and --config read the files: give one of them");
        }
        return store.given();
    }

    /** The log, where there is no doing without. */
    PChannel needed(@Nullable PChannel pchannel) {
        if (pchannel == null) {
            throw usage("a log is missing: <pchannel>, as in orders-3");
        }
        return pchannel;
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
