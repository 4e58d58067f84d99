package io.seawall.cli.append;

import io.seawall.cli.command.CommandFailed;

/** An append that failed, with the records acknowledged until then. */
final class AppendFailed extends CommandFailed {
    private static final long serialVersionUID = 1;

    private final transient AppendTotals totals;

    /**
     * Adds the counts to the cause's message.
     *
     * @param totals the acknowledged records
     * @param lastLine the last line to which the failure applies; the number of acknowledged ones if reading the input failed
     * @param mayBeWritten whether any of these may be in the log
     * @param cause the cause
     */
    AppendFailed(AppendTotals totals, long lastLine, boolean mayBeWritten, CommandFailed cause) {
        super(cause.getMessage() + "; " + totals.text("line") + outcomeOfRest(totals, lastLine, mayBeWritten), cause);
        this.totals = totals;
    }

    AppendTotals totals() {
        return totals;
    }

    private static String outcomeOfRest(AppendTotals totals, long to, boolean mayBeWritten) {
        var from = totals.records() + 1;
        if (to < from) {
            return "";
        }
        var outcome = mayBeWritten ? " may have been written, in order and in whole batches" : " not written";
        return "; " + (from == to ? "line " + from : "lines " + from + " to " + to) + outcome;
    }
}
