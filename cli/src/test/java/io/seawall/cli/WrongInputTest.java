package io.seawall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users are told: what was found and what was expected, without the names of classes. */
class WrongInputTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "read demo-0 --at yesterday | '--at': 'yesterday' is not a moment with its time zone, such as 2026-11-23T14:00:00Z",
                "trim demo-0 --before ten | '--before': 'ten' is not a whole number",
                "trim demo-0 --before 99999999999999999999 | '--before': '99999999999999999999' is too large a number",
                "dev --port http | '--port': 'http' is not a whole number",
                "dev --nodes 99 | --nodes is 99, expected 1 to 9",
                "dev --grpc-port 70000 | --grpc-port is 70000, expected 0 to 65535",
                "trim demo-0 --before -1 | --before takes an LSN of 0 or more, found -1",
                "segments cat demo-0 --from 9 --to 3 | --to is 3, expected 9 or more",
                "node --set s3cret | expected KEY=VALUE, as in http.port=7070",
                "sttus | there is no command 'sttus'; did you mean 'seawall status'?",
                "topics lsit | there is no command 'lsit'; did you mean 'seawall topics list'?",
                "zzzzzz | there is no command 'zzzzzz'",
                "append demo-0 x --iftail 3 | unknown option '--iftail'; did you mean --if-tail?",
                "append demo-0 x y | one argument too many: 'y'; quote a value that has spaces",
                "read demo-0 --view comitted | 'comitted' is not one of live, committed",
                "read demo | <pchannel>: cannot read a pchannel's name: found 'demo', expected <topic>-<number>, as in orders-3",
            })
    void namesWhatIsWrongInAnArgument(String command, String expected) {
        var outcome = Cli.run(command.split(" ", -1));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("seawall: ")
                .contains(expected)
                .doesNotContain("Exception", "java.", "s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dev --set kafka.bootstrap.server=h:1 | unknown configuration key kafka.bootstrap.server; did you mean kafka.bootstrap.servers?",
                "dev --kafka nowhere | expected host:port",
                "node --config /no/such/file | there is no such file",
                "segments cat demo-0 --root /no/such/folder | expected the folder that segments.root of the node names",
            })
    void namesWhatIsWrongInASetting(String command, String expected) {
        var outcome = Cli.run(command.split(" ", -1));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("seawall: ").contains(expected).doesNotContain("Exception", "java.");
    }

    @Test
    void namesADataDirectoryThatIsAFileBeforeABrokerIsStarted(@TempDir Path folder) throws Exception {
        var file = Files.createFile(folder.resolve("file"));

        var outcome = Cli.run("dev", "--data", file.toString(), "--port", "0", "--grpc-port", "0");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("seawall: cannot use data.dir " + file + ": found " + file + ": it exists already")
                .doesNotContain("starting a Kafka broker", "Exception", "java.");
    }
}
