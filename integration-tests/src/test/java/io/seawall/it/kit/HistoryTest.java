package io.seawall.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.it.kit.History.Entry;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the check itself: it must find every planted fault in a history. */
class HistoryTest {
    private static final PChannel PCHANNEL = PChannel.parse("a-0");

    private static History history() {
        var history = new History();
        for (var lsn = 0; lsn < 5; lsn++) {
            history.acknowledged(PCHANNEL, lsn, "v" + lsn);
        }
        history.unknown("v5");
        history.unknown("lost");
        history.refused("no");
        return history;
    }

    private static List<Entry> log() {
        var log = new ArrayList<Entry>();
        for (var lsn = 0; lsn < 6; lsn++) {
            log.add(new Entry(lsn, "v" + lsn));
        }
        return log;
    }

    @Test
    void aTrueHistoryPassesAndAnUnknownAppendMayBeThereOrNot() {
        assertThat(history().violations(PCHANNEL, log())).isEmpty();
        assertThat(history().violations(PCHANNEL, log().subList(0, 5))).isEmpty();
    }

    static Stream<Named<UnaryOperator<List<Entry>>>> faults() {
        return Stream.of(
                Named.of("the last acknowledged record lost", log -> log.subList(0, 4)),
                Named.of("a record lost in the middle", log -> {
                    log.remove(2);
                    return log;
                }),
                Named.of("two values swapped", log -> {
                    log.set(1, new Entry(1, "v2"));
                    log.set(2, new Entry(2, "v1"));
                    return log;
                }),
                Named.of("a record twice", log -> {
                    log.add(new Entry(6, "v3"));
                    return log;
                }),
                Named.of("an LSN twice", log -> {
                    log.add(3, new Entry(2, "x"));
                    return log;
                }),
                Named.of("out of order", log -> {
                    Collections.swap(log, 3, 4);
                    return log;
                }),
                Named.of("a refused record", log -> {
                    log.add(new Entry(6, "no"));
                    return log;
                }));
    }

    @ParameterizedTest
    @MethodSource
    void faults(UnaryOperator<List<Entry>> fault) {
        assertThat(history().violations(PCHANNEL, fault.apply(log()))).isNotEmpty();
    }

    @Test
    void oneLsnAcknowledgedTwiceIsRefusedAtOnce() {
        var history = history();

        assertThatThrownBy(() -> history.acknowledged(PCHANNEL, 3, "other")).isInstanceOf(IllegalStateException.class);
    }
}
