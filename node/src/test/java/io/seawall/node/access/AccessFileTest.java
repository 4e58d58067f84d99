package io.seawall.node.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessFileTest {
    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final String OTHER = "0a86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final String TOKEN = "{\"name\":\"writer\",\"sha256\":\"" + HASH
            + "\",\"rights\":[\"append:orders-*\",\"read:*\"],\"expires\":\"2027-01-01T00:00:00Z\"}\n";
    private static final String SUBJECT =
            "{\"name\":\"node-1\",\"subject\":\"CN=node-1, O=Example\",\"rights\":[\"admin:*\"]}\n";

    private static AccessList parse(String text) {
        return AccessFile.parse("access.jsonl", text.getBytes(UTF_8));
    }

    private static Entry entry(String name, String hash) {
        return new Entry(name, new Entry.TokenHash(hash), Set.of(Right.parse("read:a")), Optional.empty());
    }

    @Test
    void readsTokensAndSubjects() {
        assertThat(parse("# callers\n\n" + TOKEN + "  \n" + SUBJECT).entries())
                .containsExactly(
                        new Entry(
                                "writer",
                                new Entry.TokenHash(HASH),
                                Set.of(Right.parse("append:orders-*"), Right.parse("read:*")),
                                Optional.of(Instant.parse("2027-01-01T00:00:00Z"))),
                        new Entry(
                                "node-1",
                                new Entry.Subject(new X500Principal("CN=node-1,O=Example")),
                                Set.of(Right.parse("admin:*")),
                                Optional.empty()));
    }

    @Test
    void anEmptyFileAllowsNothing() {
        assertThat(parse("").entries()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | malformed JSON | one JSON object on each line",
                "[] | something else than a JSON object | a JSON object|",
                "{\"name\":\"a\" | malformed JSON | one JSON object on each line",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":[\"read:*\"]} {} | more after the JSON object | one object",
                "{\"sha256\":\"HASH\",\"rights\":[\"read:*\"]} | no name | a name",
                "{\"name\":\"a b\",\"sha256\":\"HASH\",\"rights\":[\"read:*\"]} | name 'a b' | letters, digits",
                "{\"name\":\"a\",\"rights\":[\"read:*\"]} | neither sha256 and subject | one of them",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"subject\":\"CN=a\",\"rights\":[\"read:*\"]} | both sha256 and subject | one of them",
                "{\"name\":\"a\",\"sha256\":\"abc\",\"rights\":[\"read:*\"]} | sha256 is not 64 digits | as sha256sum prints it",
                "{\"name\":\"a\",\"subject\":\"nonsense\",\"rights\":[\"read:*\"]} | subject 'nonsense' | as in CN=reports",
                "{\"name\":\"a\",\"sha256\":\"HASH\"} | without rights | at least one",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":[]} | without rights | at least one",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":\"read:*\"} | rights that are no array | as in [",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":[\"write:*\"]} | the right 'write:*' | append, read, trim or admin",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":[7]} | a right that is no text | text in quotes",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":[\"read:*\"],\"expires\":\"soon\"} | expires at 'soon' | a time in UTC",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"rights\":[\"read:*\"],\"expire\":\"x\"} | member 'expire' | only name",
                "{\"name\":\"a\",\"name\":\"b\",\"sha256\":\"HASH\",\"rights\":[\"read:*\"]} | member 'name' twice | each member once",
                "{\"name\":\"writer\",\"sha256\":\"HASH\",\"rights\":[\"read:*\"]} | a second entry 'writer' | a name of its own",
                "{\"name\":\"a\",\"sha256\":\"SAME\",\"rights\":[\"read:*\"]} | the token or subject of another entry | one of its own"
            })
    void namesTheLineThatCannotBeUsed(String line, String found, String expected) {
        var text = "# line 1\n" + TOKEN + line.replace("HASH", OTHER).replace("SAME", HASH);

        assertThatThrownBy(() -> parse(text))
                .hasMessageContaining("line 3 of access.jsonl")
                .hasMessageContaining("found ")
                .hasMessageContaining(found)
                .hasMessageContaining("expected ")
                .hasMessageContaining(expected)
                .hasMessageContaining("; correct the line")
                .satisfies(error -> assertThat(((WalException) error).code()).isEqualTo(ErrorCode.INVALID));
    }

    @Test
    void anErrorQuotesNothingOfALineThatMayBeAToken() {
        assertThatThrownBy(() -> parse("seawall_secret")).hasMessageNotContaining("seawall_secret");
        assertThatThrownBy(() -> parse("{\"name\":\"a\",\"sha256\":\"seawall_secret\",\"rights\":[\"read:*\"]}"))
                .hasMessageNotContaining("seawall_secret");
    }

    @Test
    void addsALineAndKeepsTheOthersAsTheyWere() {
        var before = "# callers\n\n" + TOKEN;

        var after = new String(AccessFile.with("f", before.getBytes(UTF_8), entry("reader", OTHER)), UTF_8);

        assertThat(after)
                .isEqualTo(before + "{\"name\":\"reader\",\"sha256\":\"" + OTHER + "\",\"rights\":[\"read:a\"]}\n");
        assertThat(parse(after).entries()).hasSize(2);
    }

    @Test
    void whatItWritesItReadsAgain() {
        var all = parse(TOKEN + SUBJECT).entries();
        var text = new byte[0];

        for (var entry : all) {
            text = AccessFile.with("f", text, entry);
        }

        assertThat(AccessFile.parse("f", text).entries()).isEqualTo(all);
    }

    @Test
    void addsNoNameTwice() {
        assertThatThrownBy(() -> AccessFile.with("f", TOKEN.getBytes(UTF_8), entry("writer", OTHER)))
                .hasMessageContaining("found an entry of that name");
    }

    @Test
    void takesALineOutAndKeepsTheOthersAsTheyWere() {
        var before = "# callers\n" + TOKEN + "\n" + SUBJECT;

        var after = new String(AccessFile.without("f", before.getBytes(UTF_8), "writer"), UTF_8);

        assertThat(after).isEqualTo("# callers\n\n" + SUBJECT);
    }

    @Test
    void refusesToTakeOutWhatIsNotThere() {
        assertThatThrownBy(() -> AccessFile.without("f", TOKEN.getBytes(UTF_8), "other"))
                .hasMessageContaining("found no entry of that name")
                .satisfies(error -> assertThat(((WalException) error).code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void changesNoFileThatCannotBeUsed() {
        assertThatThrownBy(() -> AccessFile.with("f", "nonsense".getBytes(UTF_8), entry("a", HASH)))
                .hasMessageContaining("line 1 of f");
        assertThatThrownBy(() -> AccessFile.without("f", "nonsense".getBytes(UTF_8), "a"))
                .hasMessageContaining("line 1 of f");
    }
}
