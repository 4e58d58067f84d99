package io.seawall.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RightTest {
    @ParameterizedTest
    @CsvSource({
        "read:orders,     orders,    true",
        "read:orders,     orders-eu, false",
        "read:orders,     order,     false",
        "read:orders-*,   orders-eu, true",
        "read:orders-*,   orders-,   true",
        "read:orders-*,   orders,    false",
        "read:orders-*,   orderss,   false",
        "read:orders*,    orders,    true",
        "read:orders*,    orders-eu, true",
        "read:orders*,    order,     false",
        "read:o*,         orders,    true",
        "read:o*,         p,         false",
        "read:*,          anything,  true"
    })
    void coversTheTopicsThatBeginAsItSays(String right, String topic, boolean covered) {
        assertThat(Right.parse(right).covers(topic)).isEqualTo(covered);
    }

    @Test
    void aRightForOneActionIsNoneForAnother() {
        for (var has : Action.values()) {
            for (var needs : Action.values()) {
                var rights = Set.of(Right.parse(has.text() + ":*"));

                assertThat(Need.ofTopic("orders", needs).isMetBy(rights))
                        .as("%s for %s", has, needs)
                        .isEqualTo(has == needs);
                assertThat(Need.ofAll(needs).isMetBy(rights))
                        .as("%s for all of %s", has, needs)
                        .isEqualTo(has == needs);
            }
        }
    }

    @Test
    void theBeginOfNamesIsNotAllTopics() {
        assertThat(Need.ofAll(Action.ADMIN).isMetBy(Set.of(Right.parse("admin:a*"), Right.parse("admin:b*"))))
                .isFalse();
        assertThat(Need.ofAll(Action.ADMIN).isMetBy(Set.of(Right.parse("admin:*"))))
                .isTrue();
    }

    @Test
    void readersAndAdministratorsSeeATopic() {
        assertThat(Need.toSee("orders").isMetBy(Set.of(Right.parse("read:orders"))))
                .isTrue();
        assertThat(Need.toSee("orders").isMetBy(Set.of(Right.parse("admin:orders"))))
                .isTrue();
        assertThat(Need.toSee("orders").isMetBy(Set.of(Right.parse("append:*"), Right.parse("trim:*"))))
                .isFalse();
        assertThat(Need.toSee("orders").isMetBy(Set.of(Right.parse("read:reports"))))
                .isFalse();
    }

    @Test
    void aKnownCallerWithoutRightsHasWhatEveryKnownCallerHas() {
        assertThat(Need.KNOWN.isMetBy(Set.of())).isTrue();
        assertThat(Need.ofTopic("orders", Action.READ).isMetBy(Set.of())).isFalse();
        assertThat(Need.ofAll(Action.READ).isMetBy(Set.of())).isFalse();
    }

    @Test
    void changesOfOperatorsAreAudited() {
        assertThat(Need.ofTopic("orders", Action.ADMIN).isAudited()).isTrue();
        assertThat(Need.ofTopic("orders", Action.TRIM).isAudited()).isTrue();
        assertThat(Need.ofAll(Action.ADMIN).isAudited()).isTrue();
        assertThat(Need.toSee("orders").isAudited()).isFalse();
        assertThat(Need.ofTopic("orders", Action.APPEND).isAudited()).isFalse();
        assertThat(Need.KNOWN.isAudited()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "read",
                "read:",
                "write:orders",
                "READ:orders",
                "read:Orders",
                "read:*orders",
                "read:a*b",
                "read: a"
            })
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> Right.parse(text))
                .hasMessageContaining("found '" + text + "'")
                .hasMessageContaining("expected append, read, trim or admin");
    }
}
