package io.seawall.node.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessListTest {
    private static final Instant END = Instant.parse("2027-01-01T00:00:00Z");
    private static final String TOKEN = "seawall_one";
    private static final Entry ONE = token("one", TOKEN, Optional.empty());
    private static final Entry TWO = token("two", "seawall_two", Optional.of(END));
    private static final Entry NODE =
            new Entry("node", new Entry.Subject(new X500Principal("CN=node,O=Example")), rights(), Optional.of(END));
    private static final AccessList LIST = new AccessList(List.of(ONE, TWO, NODE));

    private static Set<Right> rights() {
        return Set.of(Right.parse("read:*"));
    }

    private static Entry token(String name, String token, Optional<Instant> expires) {
        var hash = HexFormat.of().formatHex(Token.sha256(token));
        return new Entry(name, new Entry.TokenHash(hash), rights(), expires);
    }

    private static Presented bearer(String token) {
        return Presented.of(List.of("Bearer " + token), Optional.empty());
    }

    private static Presented certificate(String subject) {
        return Presented.of(List.of(), Optional.of(new X500Principal(subject)));
    }

    private static void assertFound(Presented presented, Instant now, @Nullable Entry entry, @Nullable Reason refusal) {
        assertThat(LIST.find(presented, now)).isEqualTo(new AccessList.Found(entry, refusal));
    }

    @Test
    void findsTheEntryOfATokenOrOfASubject() {
        assertFound(bearer(TOKEN), END, ONE, null);
        assertFound(bearer("seawall_two"), END.minusMillis(1), TWO, null);
        assertFound(certificate("cn=node, o=Example"), END.minusMillis(1), NODE, null);
    }

    @Test
    void anEntryIsValidUpToTheTimeWhenItExpires() {
        assertFound(bearer("seawall_two"), END, TWO, Reason.EXPIRED);
        assertFound(certificate("CN=node,O=Example"), END, NODE, Reason.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seawall_on", "seawall_one1", "SEAWALL_ONE", "one"})
    void anotherTokenIsUnknown(String token) {
        assertFound(bearer(token), END, null, Reason.UNKNOWN);
    }

    @Test
    void theHashOfATokenIsNoToken() {
        assertFound(bearer(HexFormat.of().formatHex(Token.sha256(TOKEN))), END, null, Reason.UNKNOWN);
    }

    @Test
    void anotherSubjectIsUnknown() {
        assertFound(certificate("CN=node"), END, null, Reason.UNKNOWN);
        assertFound(certificate("CN=node,O=Example,C=DE"), END, null, Reason.UNKNOWN);
    }

    @Test
    void aTokenCountsMoreThanACertificate() {
        var both = Presented.of(List.of("Bearer nonsense"), Optional.of(new X500Principal("CN=node,O=Example")));

        assertFound(both, END.minusSeconds(1), null, Reason.UNKNOWN);
    }

    @Test
    void nothingIsNobody() {
        assertFound(Presented.of(List.of(), Optional.empty()), END, null, Reason.MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic " + TOKEN, TOKEN, "Bearer", "Bearer ", "Bearer a b", "Bearer a\u00e9", ""})
    void anotherAuthorizationIsMalformedAlsoWithACertificate(String value) {
        var subject = Optional.of(new X500Principal("CN=node,O=Example"));

        assertFound(Presented.of(List.of(value), subject), END.minusSeconds(1), null, Reason.MALFORMED);
    }

    @Test
    void twoAuthorizationsAreMalformed() {
        assertFound(
                Presented.of(List.of("Bearer " + TOKEN, "Bearer " + TOKEN), Optional.empty()),
                END,
                null,
                Reason.MALFORMED);
    }

    @Test
    void theSchemeIsReadInAnyCase() {
        assertFound(Presented.of(List.of("bEARER " + TOKEN), Optional.empty()), END, ONE, null);
    }

    @Test
    void whatIsPresentedShowsNoSecretAsText() {
        assertThat(bearer(TOKEN).toString()).doesNotContain(TOKEN);
    }

    @Test
    void theSameCallerIsFoundByItsTokenWhateverElseChanged() {
        var renamed = new Entry("uno", ONE.proof(), Set.of(Right.parse("trim:*")), Optional.of(END));
        var next = new AccessList(List.of(renamed, NODE));

        assertThat(next.same(ONE)).contains(renamed);
        assertThat(next.same(TWO)).isEmpty();
    }

    @Test
    void tokensHave256RandomBitsAndAPrefix() {
        var random = new Random(1);
        var made = new HashSet<String>();
        for (var at = 0; at < 100; at++) {
            var token = Token.create(random::nextBytes);
            assertThat(token).matches("seawall_[A-Za-z0-9_-]{43}");
            assertThat(Token.isSendable(token)).isTrue();
            made.add(token);
        }
        assertThat(made).hasSize(100);
    }

    @Test
    void theSha256IsTheOneOfOtherTools() {
        assertThat(HexFormat.of().formatHex(Token.sha256("test")))
                .isEqualTo("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    }

    @Test
    void aFileHoldsATokenInOneLine() {
        assertThat(Token.inFile("f", " seawall_a\n".getBytes(UTF_8))).isEqualTo("seawall_a");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Token.inFile("f", "\n".getBytes(UTF_8)))
                .hasMessageContaining("found an empty file");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Token.inFile("f", "se cret\n".getBytes(UTF_8)))
                .hasMessageContaining("found text that is no token")
                .hasMessageNotContaining("cret");
    }
}
