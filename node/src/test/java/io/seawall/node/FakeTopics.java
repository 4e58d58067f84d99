package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.walkafka.admin.KafkaTopics.Created;
import io.seawall.walkafka.admin.KafkaTopics.Info;
import io.seawall.walkafka.admin.KafkaTopics.Result;
import io.seawall.walkafka.admin.KafkaTopics.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Topics in memory. Knobs: {@link #answer} and {@link #away}. */
final class FakeTopics implements TopicStore {
    final List<String> calls = new ArrayList<>();
    private final Map<String, Info> topics = new TreeMap<>();
    private Created answer = Created.NEW;
    private boolean away;

    FakeTopics with(String name, int pchannels) {
        topics.put(name, new Info(name, pchannels, 1, "none"));
        return this;
    }

    void without(String name) {
        topics.remove(name);
    }

    /** Sets the result of {@link #create}. */
    void answer(Created value) {
        answer = value;
    }

    /** Sets whether Kafka is unreachable. */
    void away(boolean value) {
        away = value;
    }

    @Override
    public Result create(Spec spec) {
        calls.add("create " + spec);
        return new Result(answer, new Info(spec.name(), spec.pchannels(), 1, spec.compression()));
    }

    @Override
    public void delete(String name) {
        calls.add("delete " + name);
        if (topics.remove(name) == null) {
            throw RecordingOpener.error(ErrorCode.NOT_FOUND);
        }
    }

    @Override
    public List<Info> list() {
        if (away) {
            throw RecordingOpener.error(ErrorCode.UNAVAILABLE);
        }
        return List.copyOf(topics.values());
    }

    @Override
    public Optional<Info> describeNow(String name) {
        return Optional.ofNullable(topics.get(name));
    }
}
