package io.seawall.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs the commands that are over at once, against a server that answers like a node, so that Java notes which classes they
 * need: {@code ./seawall prepare} archives those. A class that is missing in the archive is loaded from its jar, so what is left out
 * here costs time and nothing else.
 */
final class ArchiveTraining {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("--help"),
            List.of("--version"),
            List.of("no-such-command"),
            List.of("status"),
            List.of("status", "--wide"),
            List.of("status", "demo-0"),
            List.of("topics", "list"),
            List.of("nodes"),
            List.of("append", "demo-0", "value", "--key", "key"),
            // The server does not speak HTTP/2, so this one ends before the first record.
            List.of("read", "demo-0", "--limit", "1", "--retry", "1s"));

    /** Those among them that take no address. */
    private static final Set<String> NO_REQUEST = Set.of("--help", "--version", "no-such-command");

    private static final String LOG = """
            {"pchannel":"demo-0","term":0,"epoch":0,"state":"available","owner":"n","url":null,"oldest":0,"tail":1,"flushed":0,
            "lag":1,"cause":null,"since":"2026-01-01T00:00:00.000000001Z","flush":{"state":"waiting","failures":0}}""";

    private static final String CLUSTER = """
            {"node":"n","role":"leading","current":true,
            "coordinator":{"node":"n","url":"http://127.0.0.1:1","since":"2026-01-01T00:00:00Z","decisions":1},
            "members":["n"],"nodes":[{"node":"n","state":"there","logs":{"owned":1,"open":1,"releasing":0}}],"topics":1,
            "logs":{"all":1,"unowned":0,"owned":1,"releasing":0,"quarantined":0,"open":1},"moves":[],"quarantined":[],
            "drains":[],"freezes":[],"pins":[],"unreadable":[],
            "pchannels":[{"pchannel":"demo-0","phase":"owned","term":0,"owner":"n","condition":"available",
            "since":"2026-01-01T00:00:00Z"}]}""";

    private ArchiveTraining() {}

    public static void main(String[] args) throws IOException {
        var unused = exitCodes();
        System.exit(ExitCode.OK); // clients may still have threads
    }

    /** Runs the commands and returns how they ended. */
    static List<Integer> exitCodes() throws IOException {
        var node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var address = "127.0.0.1:" + node.getAddress().getPort();
        node.createContext("/", exchange -> answer(exchange, address));
        node.start();
        try {
            return COMMANDS.stream().map(command -> run(command, address)).toList();
        } finally {
            node.stop(0);
        }
    }

    private static int run(List<String> command, String address) {
        var all = new ArrayList<>(command);
        if (!NO_REQUEST.contains(command.get(0))) {
            all.addAll(List.of("--url", "http://" + address));
        }
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return Seawall.run(
                Stdio.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), nowhere, false, false),
                all.toArray(String[]::new));
    }

    private static void answer(HttpExchange exchange, String address) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var body = body(exchange.getRequestURI().getPath(), address).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String body(String path, String address) {
        return switch (path) {
            case "/v1/pchannels" -> "{\"pchannels\":[" + LOG + "]}";
            case "/v1/pchannels/demo-0" -> LOG;
            case "/v1/pchannels/demo-0/records" -> "{\"term\":0,\"first\":0,\"last\":0,\"tail\":1}";
            case "/v1/topics" -> "{\"topics\":[{\"topic\":\"demo\",\"pchannels\":1,\"replicationFactor\":1}]}";
            case "/v1/cluster" -> CLUSTER;
            case "/version" -> "{\"grpc\":\"" + address + "\"}";
            default -> "{}";
        };
    }
}
