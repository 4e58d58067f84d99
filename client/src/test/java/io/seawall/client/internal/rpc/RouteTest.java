package io.seawall.client.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteTest {
    private final Endpoints endpoints = new Endpoints(List.of("a:1", "b:1"));
    private final Route route = new Route(endpoints, new Random(1));

    private static CallFailure failure(String code, @Nullable String owner, long retryAfterMs) {
        return new CallFailure(SeawallException.of(code, "test").build(), true, owner, retryAfterMs);
    }

    @Test
    void beginsWithItsFirstUseSinceAnyThreadMakesIt() {
        var random = new Random(1);
        var expected = new Random(1).nextInt();
        var made = new Route(endpoints, random);

        assertThat(random.nextInt()).as("nothing was taken of it").isEqualTo(expected);
        assertThat(endpoints.knows(made.address())).isTrue();
    }

    @Test
    void goesToTheNamedOwnerAtOnce() {
        assertThat(route.failed(failure(Codes.NOT_OWNER, "c:1", 0))).isZero();
        assertThat(route.address()).isEqualTo("c:1");
    }

    @Test
    void pausesIfNodesNameEachOther() {
        var pauses = new HashSet<Long>();
        for (var hop = 0; hop < 3; hop++) {
            pauses.add(route.failed(failure(Codes.NOT_OWNER, hop % 2 == 0 ? "c:1" : "d:1", 0)));
        }

        assertThat(pauses).containsExactly(0L);
        assertThat(route.failed(failure(Codes.NOT_OWNER, "d:1", 0))).isPositive();
    }

    @Test
    void triesAllNodesInTurnAlsoThoseThatWereNamed() {
        route.failed(failure(Codes.NOT_OWNER, "c:1", 0));
        var tried = new HashSet<String>();
        for (var attempt = 0; attempt < 4; attempt++) {
            route.failed(CallFailure.unavailable("test"));
            tried.add(route.address());
        }

        assertThat(tried).containsExactlyInAnyOrder("a:1", "b:1", "c:1");
    }

    /** Nodes that were replaced take ten seconds each to be given up; a writer has two minutes. */
    @Test
    void manyOwnersThatAreNotThereAnyMoreDoNotKeepItFromTheNodesThatTheUserGave() {
        for (var number = 0; number < 16; number++) {
            endpoints.learn("gone-" + number + ":1");
        }
        var tried = new HashSet<String>();
        for (var attempt = 0; attempt < 4; attempt++) {
            route.failed(CallFailure.unavailable("test"));
            tried.add(route.address());
        }

        assertThat(tried).contains("a:1", "b:1");
    }

    @Test
    void pausesGrowToABoundAndBeginAgainAfterASuccess() {
        for (var attempt = 0; attempt < 20; attempt++) {
            assertThat(route.failed(CallFailure.unavailable("test"))).isBetween(10L, 1_280L);
        }
        assertThat(route.failed(CallFailure.unavailable("test"))).isGreaterThanOrEqualTo(640);
        route.succeeded();

        assertThat(route.failed(CallFailure.unavailable("test"))).isLessThanOrEqualTo(20);
    }

    @Test
    void staysAtANodeThatIsOverloadedAndWaitsAsLongAsItAsksButNotForEver() {
        var before = route.address();

        assertThat(route.failed(failure(Codes.OVERLOADED, null, 2_000))).isEqualTo(2_000);
        assertThat(route.failed(failure(Codes.OVERLOADED, null, 1_000_000))).isEqualTo(5_000);
        assertThat(route.address()).isEqualTo(before);
    }

    @Test
    void doesNotWaitForANodeThatItLeaves() {
        assertThat(route.failed(failure(Codes.UNAVAILABLE, null, 1_000))).isLessThanOrEqualTo(20);
    }

    @Test
    void keepsABoundedNumberOfLearnedAddresses() {
        for (var number = 0; number < 100; number++) {
            endpoints.learn("node-" + number + ":1");
        }

        assertThat(endpoints.knows("node-0:1")).isFalse();
        assertThat(endpoints.knows("node-99:1")).isTrue();
        assertThat(endpoints.knows("a:1")).isTrue();
    }
}
