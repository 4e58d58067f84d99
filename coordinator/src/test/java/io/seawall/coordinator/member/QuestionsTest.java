package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which answers of the group count. */
class QuestionsTest {
    private static final Optional<Set<String>> MEMBERS = Optional.of(Set.of("n1", "n2"));

    private final Questions questions = new Questions(2_000);

    @Test
    void anAnswerCountsOnceAndTheNextQuestionFollowsAMomentLater() {
        var question = questions.asked(0);
        assertThat(questions.isDue(199)).isFalse();

        assertThat(questions.answered(question, MEMBERS, 100)).isTrue();
        assertThat(questions.answered(question, MEMBERS, 100)).as("again").isFalse();
        assertThat(questions.isDue(299)).isFalse();
        assertThat(questions.isDue(300)).isTrue();
        assertThat(questions.take()).isEqualTo(MEMBERS);
        assertThat(questions.take()).as("taken").isEmpty();
    }

    @Test
    void theLateAnswerToAnEarlierQuestionDoesNotCount() {
        var first = questions.asked(0);
        assertThat(questions.isDue(2_000)).isTrue();
        var second = questions.asked(2_000);

        assertThat(questions.answered(first, MEMBERS, 2_001)).isFalse();
        assertThat(questions.take()).isEmpty();
        assertThat(questions.answered(second, MEMBERS, 2_002)).isTrue();
    }

    @Test
    void whatWasAskedBeforeItWasWithdrawnIsForgottenAndTheNextQuestionIsDueAtOnce() {
        questions.answered(questions.asked(0), MEMBERS, 10);
        var open = questions.asked(300);
        questions.withdraw();

        assertThat(questions.last()).isEmpty();
        assertThat(questions.isDue(301)).isTrue();
        assertThat(questions.answered(open, MEMBERS, 302)).isFalse();
        assertThat(questions.take()).isEmpty();
    }
}
