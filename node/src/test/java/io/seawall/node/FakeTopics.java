package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicOutcome;
import io.seawall.walkafka.admin.TopicOutcome.Kind;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.admin.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Topics in memory. Knobs: {@link #answer} and {@link #away}. */
final class FakeTopics implements Topics {
    final List<String> calls = new ArrayList<>();
    private final Map<String, Topic> topics = new TreeMap<>();
    private Kind answer = Kind.CREATED;
    private boolean away;

    FakeTopics with(String name, int pchannels) {
        topics.put(name, new Topic(name, pchannels, 1, "none"));
        return this;
    }

    void without(String name) {
        topics.remove(name);
    }

    /** Sets the result of {@link #create}. */
    void answer(Kind value) {
        answer = value;
    }

    /** Sets whether Kafka is unreachable. */
    void away(boolean value) {
        away = value;
    }

    @Override
    public TopicOutcome create(TopicSpec spec) {
        calls.add("create " + spec);
        return new TopicOutcome(answer, new Topic(spec.name(), spec.pchannels(), 1, spec.compression()));
    }

    @Override
    public void delete(String name) {
        calls.add("delete " + name);
        if (topics.remove(name) == null) {
            throw RecordingOpener.error(ErrorCode.NOT_FOUND);
        }
    }

    @Override
    public List<Topic> list() {
        if (away) {
            throw RecordingOpener.error(ErrorCode.UNAVAILABLE);
        }
        return List.copyOf(topics.values());
    }

    @Override
    public Optional<Topic> describeNow(String name) {
        return Optional.ofNullable(topics.get(name));
    }
}
