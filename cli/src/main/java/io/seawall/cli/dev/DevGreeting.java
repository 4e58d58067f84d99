package io.seawall.cli.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.ChildNode;
import io.seawall.cli.command.Json;
import io.seawall.cli.dev.NodeLauncher.RunningNode;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code dev} prints once it is ready.
 *
 * @param first the node in this process
 * @param others the nodes that are processes of their own
 * @param kafka the brokers
 * @param data the directory of the data
 */
record DevGreeting(RunningNode first, List<ChildNode> others, String kafka, Path data) {
    DevGreeting {
        others = List.copyOf(others);
    }

    /** Returns the text for people. */
    String text() {
        var url = first.url();
        var grpc = first.grpc().map(address -> ", gRPC at " + address).orElse("");
        return """
                Seawall is ready at %1$s (Kafka at %2$s, data in %3$s%4$s).
                It is process %5$d: stop it with Ctrl-C, or with kill %5$d.%6$s
                Try:

                  curl -H 'Content-Type: application/octet-stream' --data-binary 'hello' %1$s/v1/pchannels/demo-0/records
                  curl '%1$s/v1/pchannels/demo-0/records?from=oldest&format=text'
                  ./seawall status --url %1$s
                  ls | ./seawall append demo-1 --lines --url %1$s
                  ./seawall read demo-1 --from oldest --until-tail --url %1$s%7$s%8$s""".formatted(url, kafka, data, grpc, pid(), otherNodes(), tryNodes(), tryTls());
    }

    private String tryTls() {
        return "https".equals(first.url().getScheme())
                ? "\n\nThe nodes serve TLS: curl also needs --cacert, and ./seawall --ca, see docs/security.md."
                : "";
    }

    private String otherNodes() {
        var lines = new StringBuilder();
        others.forEach(other -> lines.append("\nNode %s is process %d at %s, its log is in %s."
                .formatted(other.id(), other.pid(), other.url(), other.log())));
        return lines.toString();
    }

    private String tryNodes() {
        return others.isEmpty() ? "" : """

                  ./seawall nodes --url %1$s
                  kill -9 %2$d    # the other nodes take over its logs; see ./seawall explain demo-0 --url %1$s""".formatted(first.url(), others.get(0).pid());
    }

    /** Returns the object for programs. */
    ObjectNode json() {
        var json = Json.object()
                .put("url", first.url().toString())
                .put("kafka", kafka)
                .put("data", data.toString())
                .put("topic", DemoTopic.NAME)
                .put("pid", pid());
        first.grpc().ifPresent(grpc -> json.put("grpc", grpc));
        if (!others.isEmpty()) {
            var array = json.putArray("others");
            others.forEach(other -> {
                var node = array.addObject()
                        .put("node", other.id())
                        .put("url", other.url().toString())
                        .put("pid", other.pid())
                        .put("log", other.log().toString());
                other.grpc().ifPresent(grpc -> node.put("grpc", grpc));
            });
        }
        return json;
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
