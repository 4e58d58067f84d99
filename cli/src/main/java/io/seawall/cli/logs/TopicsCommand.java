package io.seawall.cli.logs;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.TopicArgument;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Manages topics; a topic consists of one or more logs. Its subcommands do the work. */
@Command(
        name = "topics",
        description = "List, create, delete or describe topics; a topic consists of one or more logs.")
public final class TopicsCommand {
    private static final String PATH = "/v1/topics";

    /** Lists the topics. */
    @Command(name = "list", description = "List the topics.")
    public static final class ListAll implements Callable<Integer> {
        @Mixin
        private final NodeOptions node;

        public ListAll(Stdio stdio) {
            this.node = new NodeOptions(stdio);
        }

        @Override
        public Integer call() {
            node.report().rows(Json.items(node.client().get(PATH), "topics"));
            return 0;
        }
    }

    /** Creates a topic or adds logs to it. */
    @Command(
            name = "create",
            description =
                    "Create a topic. Repeating it with the same settings succeeds; with more pchannels it adds logs.")
    public static final class Create implements Callable<Integer> {
        @Mixin
        private final NodeOptions node;

        @Mixin
        private final TopicArgument topic = new TopicArgument();

        @Option(names = "--pchannels", paramLabel = "N", description = "How many logs (the node's default: 4).")
        private @Nullable Integer pchannels;

        @Option(
                names = "--replication-factor",
                paramLabel = "N",
                description = "Replicas in Kafka (the node's default: 3, or the number of brokers if that is less).")
        private @Nullable Integer replicationFactor;

        @Option(
                names = "--compression",
                paramLabel = "TYPE",
                description = "none, gzip, snappy, lz4 or zstd (the node's default: none).")
        private @Nullable String compression;

        public Create(Stdio stdio) {
            this.node = new NodeOptions(stdio);
        }

        @Override
        public Integer call() {
            var body = Json.object();
            if (pchannels != null) {
                body.put("pchannels", pchannels);
            }
            if (replicationFactor != null) {
                body.put("replicationFactor", replicationFactor);
            }
            if (compression != null) {
                body.put("compression", compression);
            }
            node.report()
                    .object(node.client()
                            .put(topic.path(), body, NodeClient.ANSWER_TIMEOUT)
                            .body());
            return 0;
        }
    }

    /** Deletes a topic. */
    @Command(
            name = "delete",
            description =
                    "Delete a topic and all of its records in Kafka. Keeps its segments, unless --segments is given.")
    public static final class Delete implements Callable<Integer> {
        @Mixin
        private final NodeOptions node;

        @Mixin
        private final TopicArgument topic = new TopicArgument();

        @Option(
                names = "--confirm",
                required = true,
                paramLabel = "<topic>",
                converter = TopicArgument.Converter.class,
                description = "The topic's name again.")
        @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
        private String confirm;

        @Option(names = "--segments", description = "Delete its segments too.")
        private boolean segments;

        public Delete(Stdio stdio) {
            this.node = new NodeOptions(stdio);
        }

        @Override
        public Integer call() {
            var query = "?confirm=" + confirm + (segments ? "&segments=true" : "");
            var answer = node.client().delete(topic.path() + query);
            node.report().line("deleted " + topic.value(), answer.body());
            return 0;
        }
    }

    /** Shows a topic with its logs. */
    @Command(name = "describe", description = "Show a topic and the state of each of its logs.")
    public static final class Describe implements Callable<Integer> {
        @Mixin
        private final NodeOptions node;

        @Mixin
        private final TopicArgument topic = new TopicArgument();

        public Describe(Stdio stdio) {
            this.node = new NodeOptions(stdio);
        }

        @Override
        public Integer call() {
            var client = node.client();
            var described = Json.items(client.get(PATH), "topics").stream()
                    .filter(each -> each.path("topic").asText().equals(topic.value()))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailed(
                            "NOT_FOUND: no topic " + topic.value() + "; 'seawall topics list' shows all topics"));
            var logs = Json.items(client.get("/v1/pchannels"), "pchannels").stream()
                    .filter(this::isOfTopic)
                    .toList();
            if (node.json()) {
                var whole = Json.object();
                whole.set("topic", described);
                whole.putArray("pchannels").addAll(logs);
                node.stdio().println(Json.line(whole));
            } else {
                node.report().object(described);
                node.report().rows(logs);
            }
            return 0;
        }

        private boolean isOfTopic(JsonNode log) {
            return log.path("pchannel").asText().matches(topic.value() + "-[0-9]+");
        }
    }
}
