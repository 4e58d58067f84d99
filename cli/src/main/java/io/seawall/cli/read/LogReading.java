package io.seawall.cli.read;

import com.fasterxml.jackson.core.JsonParser;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.client.Retries;
import io.seawall.cli.command.Progress;
import io.seawall.wal.Effect;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Reads a log page by page and writes its records; checks that no LSN is missing. Ends at the limit, at the tail as it was
 * when reading began, or never. Not thread-safe.
 */
final class LogReading {
    private static final Pattern FROM_LSN = Pattern.compile("from=[0-9]+");
    private static final int PAGE_RECORDS = 10_000;
    private static final int PAGE_BYTES = 16 << 20;
    private static final int FOLLOW_WAIT_MS = 20_000;
    private static final Duration ANSWER_TIMEOUT =
            Duration.ofMillis(FOLLOW_WAIT_MS).plus(NodeClient.ANSWER_TIMEOUT);
    /** The pause after an empty page, in case a node answers it without waiting. */
    private static final int EMPTY_PAGE_PAUSE_MS = 20;

    private final NodeClient client;
    private final PChannel pchannel;
    private final ReadRange range;
    private final RecordFormat format;
    private final OutputStream out;
    private final Retries retries;
    private final Progress progress;
    private final DenseOrder order;
    private String start;
    private long next;
    private long end = Long.MAX_VALUE;
    private long records;
    private long bytes;

    LogReading(
            NodeClient client,
            PChannel pchannel,
            ReadRange range,
            RecordFormat format,
            OutputStream out,
            Retries retries,
            Progress progress) {
        this.client = client;
        this.pchannel = pchannel;
        this.range = range;
        this.format = format;
        this.out = out;
        this.retries = retries;
        this.progress = progress;
        this.start = range.start();
        this.order = FROM_LSN.matcher(start).matches()
                ? DenseOrder.from(pchannel, Long.parseLong(start.substring(start.indexOf('=') + 1)))
                : DenseOrder.fromAnywhere(pchannel);
    }

    /** Reads and writes until the end of the range; blocks. */
    void run() throws IOException, InterruptedException {
        // The first page does not wait: in an empty log only its tail is needed.
        var waitMs = range.untilTail() ? 0 : FOLLOW_WAIT_MS;
        try {
            while (records < range.limit()) {
                var page = page(waitMs);
                order.continuesAt(page.next());
                next = page.next();
                start = "from=" + next;
                if (range.untilTail() && end == Long.MAX_VALUE) {
                    end = page.tail();
                }
                if (page.next() >= end) {
                    return;
                }
                idle(page);
                waitMs = FOLLOW_WAIT_MS;
            }
        } finally {
            progress.end();
            out.flush();
        }
    }

    private void idle(PageReader.End page) throws IOException, InterruptedException {
        if (page.next() >= page.tail()) {
            out.flush();
        }
        if (page.records() == 0) {
            TimeUnit.MILLISECONDS.sleep(EMPTY_PAGE_PAUSE_MS);
        }
    }

    /**
     * Reads a page. After a failure that passes, as while a node restarts, reads on behind the last record that was written.
     */
    private PageReader.End page(int waitMs) throws IOException {
        while (true) {
            try {
                var page = pageOnce(waitMs);
                retries.succeeded();
                return page;
            } catch (NodeFailure failure) {
                var reached = order.next().isPresent() && failure.code().equals("NO_CONNECTION");
                if (retries.isOver() || !(reached || Retries.isPassing(failure))) {
                    throw failure;
                }
                order.next().ifPresent(lsn -> {
                    next = lsn;
                    start = "from=" + lsn;
                });
                out.flush();
                retries.pause();
            }
        }
    }

    private PageReader.End pageOnce(int waitMs) {
        var path = PChannelArgument.path(pchannel) + "/records?" + start + "&limit=" + pageLimit() + "&maxBytes="
                + PAGE_BYTES + "&waitMs=" + waitMs + "&view=" + range.view();
        try (var body = client.open(path, ANSWER_TIMEOUT)) {
            return PageReader.read(body, this::record);
        } catch (IOException e) {
            throw NodeClient.lost(client.uri(path), Effect.NONE, e);
        }
    }

    private long pageLimit() {
        var toLimit = Math.min(PAGE_RECORDS, range.limit() - records);
        return end == Long.MAX_VALUE ? toLimit : Math.min(toLimit, end - next);
    }

    private void record(JsonParser page) throws IOException {
        var lsn = format.take(page);
        order.record(lsn);
        bytes += format.write(out);
        records++;
        progress.at(records, bytes);
    }
}
