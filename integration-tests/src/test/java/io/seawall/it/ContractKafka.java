package io.seawall.it;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Ports;
import java.util.concurrent.CompletableFuture;

/** What a contract test needs of a Kafka beside its ports. */
interface ContractKafka {
    Ports ports();

    /** Creates a topic with one partition; names are used once. */
    PChannel newTopic(String name);

    /** Deletes a topic and creates it again. */
    void createAgain(PChannel pchannel);

    /** Lowers the largest message that a topic takes. */
    void limitMessages(PChannel pchannel, int bytes);

    /** Deletes what is below an offset. */
    void deleteRecords(PChannel pchannel, long before);

    /** The offset that the flusher's group has for a log; -1 if it has none. */
    long flushOffset(PChannel pchannel);

    /** Waits for a future, and throws what it failed with, unwrapped. */
    <T> T await(CompletableFuture<T> future);

    /** Repeats an assertion until it holds, for a bounded time. */
    void eventually(Runnable assertion);
}
