package io.seawall.cli;

/** An append that broke off, with what had been acknowledged until then. */
final class AppendFailed extends CommandFailed {
    private static final long serialVersionUID = 1;

    private final transient AppendTotals totals;

    /**
     * Adds the counts to the cause's message.
     *
     * @param totals what was acknowledged
     * @param left the number of records that were under way, 0 if it was the input that failed
     * @param mayBeWritten whether any of these may be in the log
     * @param cause why
     */
    AppendFailed(AppendTotals totals, int left, boolean mayBeWritten, CommandFailed cause) {
        super(cause.getMessage() + "; " + totals.text("line") + fate(totals, left, mayBeWritten), cause);
        this.totals = totals;
    }

    AppendTotals totals() {
        return totals;
    }

    private static String fate(AppendTotals totals, int left, boolean mayBeWritten) {
        if (left == 0) {
            return "";
        }
        var outcome = mayBeWritten ? " may have been written, in order and in whole batches" : " not written";
        var from = totals.records() + 1;
        var to = totals.records() + left;
        return "; " + (from == to ? "line " + from : "lines " + from + " to " + to) + outcome;
    }
}
