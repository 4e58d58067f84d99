package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.AppendCallback;
import io.seawall.benchmarks.measure.AppendTarget;
import java.util.ArrayList;
import java.util.List;

/** A side that appends batches of a fixed number of records. */
abstract class BatchTarget implements AppendTarget {
    private final int records;
    private List<byte[]> values; // this and the next field are used by the thread that appends
    private List<AppendCallback> answers;

    BatchTarget(int records) {
        this.records = records;
        this.values = new ArrayList<>(records);
        this.answers = new ArrayList<>(records);
    }

    /** Appends a batch without waiting. */
    abstract void send(List<byte[]> batch, AppendCallback answer);

    @Override
    public final void append(byte[] value, AppendCallback answer) {
        values.add(value);
        answers.add(answer);
        if (values.size() == records) {
            flush();
        }
    }

    @Override
    public final void flush() {
        if (!values.isEmpty()) {
            var batch = values;
            var all = answers;
            values = new ArrayList<>(records);
            answers = new ArrayList<>(records);
            send(batch, error -> all.forEach(answer -> answer.on(error)));
        }
    }
}
