package io.seawall.benchmarks.takeover;

import io.seawall.benchmarks.measure.Latency;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of the takeover benchmark; its fields are those of the JSON object.
 *
 * @param benchmark {@code takeover}
 * @param replicas the replication factor
 * @param p50Ms the median from the fence to the first acknowledged append, with 1 MiB to republish in a long log
 * @param p99Ms the 99th percentile of the same
 * @param rounds how many takeovers these two cover
 * @param cases all measured cases, including that one
 */
public record TakeoverReport(String benchmark, int replicas, double p50Ms, double p99Ms, int rounds, List<Case> cases) {
    /**
     * Takeovers of one kind.
     *
     * @param republishedBytes how many bytes of values the abandoned owner left uncommitted
     * @param logRecords how many records were committed before; more with each takeover of the same log
     * @param fenceToAppend from right before the first initTransactions to the first acknowledged append
     * @param openToAppend from the call of open, which first reads the topic and the log, to the first acknowledged append
     */
    public record Case(int republishedBytes, int logRecords, Latency fenceToAppend, Latency openToAppend) {}

    static TakeoverReport of(int replicas, Case headline, List<Case> others) {
        var all = new ArrayList<Case>(List.of(headline));
        all.addAll(others);
        return new TakeoverReport(
                "takeover",
                replicas,
                headline.fenceToAppend().p50Ms(),
                headline.fenceToAppend().p99Ms(),
                (int) headline.fenceToAppend().samples(),
                List.copyOf(all));
    }
}
