package io.seawall.node.guard;

import io.seawall.node.access.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit log: who asked for what, on what, and the result. It has no payload and no secret. */
final class Audit {
    /** The logger's name, which operators give an output of its own. */
    static final String LOGGER = "seawall.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private Audit() {}

    static void refused(String caller, Ask ask, String subject, Reason reason) {
        LOG.atWarn()
                .addKeyValue("caller", caller)
                .addKeyValue("address", ask.addressText())
                .addKeyValue("operation", ask.operation())
                .addKeyValue("subject", subject)
                .addKeyValue("result", reason.label())
                .log("refused");
    }

    static void done(String caller, Ask ask, String subject, String result) {
        LOG.atInfo()
                .addKeyValue("caller", caller)
                .addKeyValue("address", ask.addressText())
                .addKeyValue("operation", ask.operation())
                .addKeyValue("subject", subject)
                .addKeyValue("result", result)
                .log("done");
    }
}
