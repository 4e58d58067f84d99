package io.seawall.it.inputs;

import io.seawall.node.config.NodeConfig;
import io.seawall.wal.RequestException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Nodes that do not start. */
final class WrongConfigurations {
    private final Transcript transcript;
    private final String url;
    private final Path folder;

    WrongConfigurations(Transcript transcript, String url, Path folder) {
        this.transcript = transcript;
        this.url = url;
        this.folder = folder;
    }

    void send() throws IOException {
        transcript.section("Configuration: seawall node --set node.id=n2 --set kafka.bootstrap.servers=localhost:9092");
        var port = URI.create(url).getPort();
        set("kafka.bootstrap.server=localhost:9092");
        set("htp.port=1");
        set("no.such.thing.at.all=1");
        set("http.port=abc");
        set("http.port=70000");
        set("http.port=");
        set("http.advertised.url=localhost:7070");
        set("http.advertised.url=http://node-1:99999");
        set("http.host=0.0.0.0");
        set("http.host=no.such.host.invalid");
        set("node.id=");
        set("node.id=a b");
        set("mode=single");
        set("mode=clustr");
        set("prefix=My_Prefix");
        set("kafka.bootstrap.servers=localhost");
        set("kafka.bootstrap.servers=");
        set("kafka.acks=1");
        set("kafka.security.protocl=SSL");
        set("wal.window.bytes=4MB");
        set("wal.window.bytes=1KiB");
        set("wal.record.max.bytes=8MiB");
        set("flush.enabled=yes");
        set("flush.codec=gzip");
        set("segments.root=gs://bucket");
        set("segments.root=s3://bucket");
        set("cluster.heartbeat.ms=5000");
        set("trim.unflushed=true");
        set("tls.certificate=cert.pem");
        set(
                "tls.certificate=" + folder.resolve("no-cert.pem"),
                "tls.key=" + folder.resolve("no-key.pem"),
                "http.port=0",
                "grpc.port=0");
        set("http.port=abc", "wal.roll.ms=1", "mode=clustr", "htp.host=x", "kafka.acks=1");
        run("node", "--set", "node.id");
        set("tls.certificate=cert.pem", "http.host=0.0.0.0", "segments.root=s3://bucket");
        set("http.port=" + port, "grpc.port=0", "data.dir=" + folder.resolve("n2"));
        set("http.port=0", "grpc.port=0", "data.dir=" + folder.resolve("n1"));
        set("http.port=0", "grpc.port=0", "data.dir=" + Files.createFile(folder.resolve("a-file")));

        transcript.section("Configuration: files and variables");
        run("node");
        run("node", "--config", folder.resolve("nothing.properties").toString());
        run("node", "--config", folder.toString());
        var latin = Files.write(
                folder.resolve("latin.properties"), "node.id=Z\u00fcrich".getBytes(StandardCharsets.ISO_8859_1));
        run("node", "--config", latin.toString());
        var typo = Files.writeString(folder.resolve("node.properties"), "node.id=n2\nhttp.prt=7070\n");
        run("node", "--config", typo.toString(), "--set", "kafka.bootstrap.servers=localhost:9092");
        environment(Map.of("SEAWALL_HTTP_PRT", "7070"));
        environment(Map.of("SEAWALL_HTTP_PORT", "many"));
    }

    private void set(String... assignments) throws IOException {
        var args = new ArrayList<>(
                List.of("node", "--set", "node.id=n2", "--set", "kafka.bootstrap.servers=localhost:9092"));
        args.add("--set");
        args.add("data.dir=" + folder.resolve("n2"));
        for (var assignment : assignments) {
            args.add("--set");
            args.add(assignment);
        }
        transcript.add(
                "--set " + String.join(" --set ", assignments), WrongCommands.result("", args.toArray(String[]::new)));
    }

    private void run(String... args) throws IOException {
        transcript.add("$ seawall " + String.join(" ", args), WrongCommands.result("", args));
    }

    /** The variables of this process cannot be changed, so this goes around the command. */
    private void environment(Map<String, String> variables) {
        String said;
        try {
            said = "accepted: "
                    + NodeConfig.load(null, variables, List.of("node.id=n2", "kafka.bootstrap.servers=k:1"));
        } catch (RequestException refused) {
            said = refused.getMessage();
        }
        var shown = variables.entrySet().stream().map(Object::toString).sorted().collect(Collectors.joining(" "));
        transcript.add("$ " + shown + " seawall node", String.valueOf(said));
    }
}
