package io.seawall.cli;

import io.seawall.wal.Effect;

/** An append that broke off, with what had been acknowledged until then. */
final class AppendFailed extends CommandFailed {
    private static final long serialVersionUID = 1;

    private final transient AppendTotals totals;

    /**
     * Adds the counts to the cause's message.
     *
     * @param totals what was acknowledged
     * @param refusedRecords the number of records in the batch that failed, 0 if it was the input that failed
     * @param cause why
     */
    AppendFailed(AppendTotals totals, int refusedRecords, CommandFailed cause) {
        super(cause.getMessage() + "; " + totals.text("line") + fate(totals, refusedRecords, cause), cause);
        this.totals = totals;
    }

    AppendTotals totals() {
        return totals;
    }

    private static String fate(AppendTotals totals, int refusedRecords, CommandFailed cause) {
        if (refusedRecords == 0) {
            return "";
        }
        var outcome = cause instanceof NodeFailure failure && failure.effect() == Effect.NONE
                ? " not written"
                : " may have been written, all or none of them";
        var from = totals.records() + 1;
        var to = totals.records() + refusedRecords;
        return "; " + (from == to ? "line " + from : "lines " + from + " to " + to) + outcome;
    }
}
