package io.seawall.client.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.api.v1.ReadResponse;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import org.junit.jupiter.api.Test;

class MessageQueueTest {
    private final MessageQueue messages = new MessageQueue();

    @Test
    void anErrorFollowsTheLastMessageAndALaterEndDoesNotHideIt() {
        messages.add(ReadResponse.getDefaultInstance());
        messages.end(SeawallException.of(Codes.INTERNAL, "test").build());
        messages.end(null);

        assertThat(messages.poll(0)).isNotNull();
        assertThat(messages.isEnded()).isFalse();
        assertThatThrownBy(() -> messages.poll(0)).hasMessage("test");
    }

    @Test
    void closingDropsWhatIsThere() {
        messages.add(ReadResponse.getDefaultInstance());
        messages.close();
        messages.end(SeawallException.of(Codes.INTERNAL, "test").build());

        assertThat(messages.poll(0)).isNull();
        assertThat(messages.isEnded()).isTrue();
    }
}
