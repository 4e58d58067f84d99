package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.AppendCallback;
import io.seawall.benchmarks.measure.AppendTarget;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.WriterOptions;

/** Appends with a writer of the Java client, which makes the batches. */
final class ClientTarget implements AppendTarget {
    private final NodeLogs logs;
    private final LogWriter writer;

    private ClientTarget(NodeLogs logs, LogWriter writer) {
        this.logs = logs;
        this.writer = writer;
    }

    /** Returns a source of writers of new logs. Opening one appends a record, as a warm-up. */
    static Source source(NodeLogs logs, WriterOptions options) {
        return topic -> {
            var writer = logs.writer(logs.create(topic), options);
            writer.append(new byte[1]).join();
            return new ClientTarget(logs, writer);
        };
    }

    @Override
    public void append(byte[] value, AppendCallback answer) {
        var unused = writer.append(value).whenComplete((ack, error) -> answer.on(error));
    }

    @Override
    public void close() {
        writer.close();
        logs.delete(writer.pchannel());
    }
}
