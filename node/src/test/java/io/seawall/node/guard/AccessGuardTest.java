package io.seawall.node.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.seawall.node.access.Action;
import io.seawall.node.access.Need;
import io.seawall.node.access.Presented;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessGuardTest {
    private static final Need READ = Need.ofTopic("orders", Action.READ);
    private static final Need TRIM = Need.ofTopic("orders", Action.TRIM);

    @TempDir
    private Path folder;

    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private final AuditLines log = new AuditLines();

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestAccess access;

    @BeforeEach
    void load() {
        access = new TestAccess(folder);
        access.guard.bind(metrics);
    }

    @AfterEach
    void close() {
        log.close();
        metrics.close();
    }

    private static Ask ask(String address, List<String> authorization) {
        return new Ask("do this", Presented.of(authorization, Optional.empty()), new InetSocketAddress(address, 1));
    }

    private Session identify(String name) {
        return access.guard.identify(ask("10.0.0.1", List.of(TestAccess.bearer(name))));
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String... parts) {
        assertThatThrownBy(call)
                .asInstanceOf(type(WalException.class))
                .satisfies(error -> assertThat(error.code()).isEqualTo(code))
                .satisfies(error -> assertThat(error.problem().found()).isNotBlank())
                .satisfies(error -> assertThat(error.problem().expected()).isNotBlank())
                .satisfies(error -> assertThat(error.getMessage()).contains("; "))
                .satisfies(error -> assertThat(List.of(parts))
                        .allMatch(part -> String.valueOf(error.getMessage()).contains(part)));
    }

    private double refused(String reason) {
        var line = "seawall_access_refused_total{reason=\"" + reason + "\"} ";
        return metrics.scrape()
                .lines()
                .filter(text -> text.startsWith(line))
                .mapToDouble(text -> Double.parseDouble(text.substring(line.length())))
                .sum();
    }

    @Test
    void admitsWhoHasTheRight() {
        var session = identify("reader");

        session.require(READ);

        assertThatCode(session::check).doesNotThrowAnyException();
        assertThat(session.sees("orders")).isTrue();
        assertThat(session.sees("others")).isFalse();
        assertThat(log.audit()).isEmpty();
    }

    @Test
    void refusesWhoIsNotKnown() {
        assertRefused(
                () -> access.guard.identify(ask("10.0.0.1", List.of())),
                ErrorCode.UNAUTHENTICATED,
                "found a request without a token");
        assertRefused(() -> identify("nobody"), ErrorCode.UNAUTHENTICATED, "a token that is unknown or revoked");
        assertRefused(
                () -> access.guard.identify(ask("10.0.0.1", List.of("Basic YTpi"))),
                ErrorCode.UNAUTHENTICATED,
                "found an authorization that is no bearer token");

        assertThat(refused("missing")).isEqualTo(1);
        assertThat(refused("unknown")).isEqualTo(1);
        assertThat(refused("malformed")).isEqualTo(1);
        assertThat(log.audit())
                .containsExactly(
                        "WARN refused caller=- address=10.0.0.1 operation=do this subject=- result=missing",
                        "WARN refused caller=- address=10.0.0.1 operation=do this subject=- result=unknown",
                        "WARN refused caller=- address=10.0.0.1 operation=do this subject=- result=malformed");
    }

    @Test
    void refusesWhoLacksTheRight() {
        var session = identify("reader");

        assertRefused(
                () -> session.require(TRIM),
                ErrorCode.FORBIDDEN,
                "found caller 'reader' with [read:orders]",
                "expected the right trim:orders");

        assertThat(refused("forbidden")).isEqualTo(1);
        assertThat(log.audit())
                .containsExactly(
                        "WARN refused caller=reader address=10.0.0.1 operation=do this subject=orders result=forbidden");
    }

    @Test
    void refusesWhatHasExpired() {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        identify("guest").require(READ);

        access.pass(Duration.ofMinutes(1));

        assertRefused(() -> identify("guest"), ErrorCode.UNAUTHENTICATED, "found the entry 'guest', which expired at");
        assertThat(refused("expired")).isEqualTo(1);
    }

    @Test
    void takesWhatBecameValidAndRefusesWhatWasRevoked() {
        assertRefused(() -> identify("late"), ErrorCode.UNAUTHENTICATED);

        access.set("late", "read:*").revoke("reader").reload();

        identify("late").require(READ);
        assertRefused(() -> identify("reader"), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void whatWasAdmittedIsJudgedAnewWhenTheFileChanges() {
        var revoked = identify("reader");
        revoked.require(READ);
        var changed = identify("trimmer");
        changed.require(TRIM);
        var kept = identify("root");
        kept.require(READ);

        access.revoke("reader").set("trimmer", "trim:others").reload();

        assertRefused(revoked::check, ErrorCode.UNAUTHENTICATED, "unknown or revoked");
        assertRefused(changed::check, ErrorCode.FORBIDDEN, "with [trim:others]");
        assertThatCode(kept::check).doesNotThrowAnyException();
        assertThatCode(kept::check).doesNotThrowAnyException();
    }

    @Test
    void whatWasAdmittedEndsWhenItExpires() {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        var session = identify("guest");
        session.require(READ);
        access.pass(Duration.ofSeconds(59));
        session.check();

        access.pass(Duration.ofSeconds(1));

        assertRefused(session::check, ErrorCode.UNAUTHENTICATED, "which expired at");
    }

    @Test
    void aLaterTimeOfExpiryHoldsForWhatWasAdmittedBefore() {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        var session = identify("guest");
        session.require(READ);

        access.setUntil(Duration.ofMinutes(2), "guest", "read:*").reload();
        access.pass(Duration.ofSeconds(90));

        session.check();
        access.pass(Duration.ofSeconds(30));
        assertRefused(session::check, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void aSessionThatIsOverIsCountedOnce() {
        var session = identify("reader");
        session.require(READ);
        access.revoke("reader").reload();

        assertRefused(session::check, ErrorCode.UNAUTHENTICATED);
        assertRefused(session::check, ErrorCode.UNAUTHENTICATED);

        assertThat(refused("unknown")).isEqualTo(1);
        assertThat(log.audit()).hasSize(1);
    }

    @Test
    void listenersHearOfChangesAlone() {
        var changes = new AtomicInteger();
        access.guard.addListener(changes::incrementAndGet);

        access.reload();
        assertThat(changes).hasValue(0);
        access.revoke("reader").reload();
        assertThat(changes).hasValue(1);
    }

    @Test
    void aBrokenFileIsRefusedAndLoggedOnceAndTheOldOneStaysInUse() {
        access.write("nonsense");

        access.reload().reload().reload();

        identify("reader").require(READ);
        assertThat(log.everything().lines().filter(line -> line.startsWith("ERROR")))
                .singleElement()
                .asString()
                .contains("line 1 of", "found malformed JSON", "expected one JSON object", "correct the line");
        assertThat(metrics.scrape()).contains("seawall_access_file_refused 1.0", "seawall_access_entries 6.0");

        access.set("late", "read:*").reload();

        assertThat(metrics.scrape()).contains("seawall_access_file_refused 0.0", "seawall_access_entries 7.0");
    }

    @Test
    void aBrokenFileIsAnErrorAtTheStart() {
        access.write("nonsense");

        assertThatThrownBy(() -> new TestAccess(folder.resolve("missing")))
                .as("a folder that is not there")
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> AccessGuard.load(folder.resolve("access.jsonl"), () -> TestAccess.START, () -> 0))
                .hasMessageContaining("line 1 of");
        assertThatThrownBy(() -> AccessGuard.load(folder.resolve("none"), () -> TestAccess.START, () -> 0))
                .hasMessageContaining("found no such file");
    }

    @Test
    void beyondTwentyRefusalsOfAnAddressItsRefusalsSayNothingAndAreNotLogged() {
        for (var at = 0; at < 20; at++) {
            assertRefused(() -> identify("nobody"), ErrorCode.UNAUTHENTICATED);
        }

        assertRefused(() -> identify("nobody"), ErrorCode.OVERLOADED, "at most 20 at once, and then one per second");

        assertThat(refused("limited")).isEqualTo(1);
        assertThat(log.audit()).as("limited requests fill no log").hasSize(20);
        assertThatCode(() -> access.guard.identify(ask("10.0.0.2", List.of(TestAccess.bearer("reader")))))
                .as("another address")
                .doesNotThrowAnyException();
        access.pass(Duration.ofSeconds(1));
        assertRefused(() -> identify("nobody"), ErrorCode.UNAUTHENTICATED);
    }

    /** Behind a proxy all callers have one address: somebody who sends wrong tokens must not keep the others from being served. */
    @Test
    void aKnownCallerIsServedHoweverManyOthersOfItsAddressAreRefused() {
        for (var at = 0; at < 30; at++) {
            var refused = at < 20 ? ErrorCode.UNAUTHENTICATED : ErrorCode.OVERLOADED;
            assertRefused(() -> identify("nobody"), refused);
        }

        identify("reader").require(READ);
    }

    @Test
    void aCallerWithoutARightHoldsUpNoOtherOfItsAddress() {
        for (var at = 0; at < 20; at++) {
            assertRefused(() -> identify("reader").require(TRIM), ErrorCode.FORBIDDEN);
        }

        assertRefused(() -> identify("reader").require(TRIM), ErrorCode.OVERLOADED);
        identify("reader").require(READ);
        identify("trimmer").require(TRIM);
        assertThat(log.audit()).hasSize(20);
    }

    @Test
    void changesOfOperatorsAreInTheAuditLog() {
        var trim = identify("trimmer");
        trim.require(TRIM);
        var read = identify("reader");
        read.require(READ);

        trim.finished("status 200");
        read.finished("status 200");

        assertThat(log.audit())
                .containsExactly(
                        "INFO done caller=trimmer address=10.0.0.1 operation=do this subject=orders result=status 200");
    }

    @Test
    void noLogShowsAToken() {
        assertRefused(() -> identify("nobody"), ErrorCode.UNAUTHENTICATED);
        identify("reader").require(READ);
        assertRefused(() -> identify("reader").require(TRIM), ErrorCode.FORBIDDEN);
        access.write("seawall_reader");
        access.reload().reload();

        assertThat(log.everything()).isNotEmpty().doesNotContain("seawall_reader", "seawall_nobody");
    }
}
