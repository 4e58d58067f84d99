package io.seawall.it.ports;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Ports;
import java.util.concurrent.CompletableFuture;

/** What a contract test needs of a Kafka besides its ports. */
interface ContractKafka {
    Ports ports();

    /** Creates a topic with one partition; each name is used once. */
    PChannel newTopic(String name);

    /** Deletes a topic and creates it again. */
    void createAgain(PChannel pchannel);

    /** Lowers the largest message that a topic accepts. */
    void limitMessages(PChannel pchannel, int bytes);

    /** Deletes the records below an offset. */
    void deleteRecords(PChannel pchannel, long before);

    /** Returns the offset of the flusher's group for a log; -1 if it has none. */
    long flushOffset(PChannel pchannel);

    /** Waits for a future; throws the future's error without wrapping it. */
    <T> T await(CompletableFuture<T> future);

    /** Repeats an assertion until it holds, for a bounded time. */
    void eventually(Runnable assertion);
}
