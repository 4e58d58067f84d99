package io.seawall.node.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.RetryableException;
import org.junit.jupiter.api.Test;

class BodyClaimTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final BodyClaim claim = new BodyClaim(budget);

    @Test
    void takesAndGivesBack() {
        claim.take(60);
        claim.give(20);
        assertThat(budget.left()).isEqualTo(60);

        assertThatThrownBy(() -> claim.take(61)).isInstanceOf(RetryableException.class);
        claim.give(1_000);
        assertThat(budget.left()).as("no more than it has").isEqualTo(100);
    }

    /** The thread of the body may still be at work when the client has gone and the request is over. */
    @Test
    void takesNothingAfterTheAnswerSinceNobodyWouldGiveItBack() {
        claim.take(10);
        claim.release();
        claim.take(50);
        claim.give(50);
        claim.release();

        assertThat(budget.left()).isEqualTo(100);
    }
}
