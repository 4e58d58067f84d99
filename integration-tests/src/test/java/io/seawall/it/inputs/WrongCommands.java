package io.seawall.it.inputs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.cli.Seawall;
import io.seawall.cli.command.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Wrong commands. They run in this process, because a process for each would take minutes. */
final class WrongCommands {
    private final Transcript transcript;
    private final String url;
    private final String grpc;
    private final Path folder;

    WrongCommands(Transcript transcript, String url, String grpc, Path folder) {
        this.transcript = transcript;
        this.url = url;
        this.grpc = grpc;
        this.folder = folder;
    }

    void send() throws IOException {
        transcript.section("Commands: what is wrong before a node is asked");
        local();
        transcript.section("Commands: what the node refuses");
        refused();
        transcript.section("Commands: segments");
        segments();
    }

    private void local() throws IOException {
        run("sttus");
        run("topics", "lsit");
        run("status", "--jsn");
        run("append", "demo-0", "x", "--iftail", "3");
        run("append");
        run("append", "demo-0", "x", "--if-tail", "three");
        run("append", "demo-0", "x", "--if-tail", "-1");
        run("append", "Demo_0", "x");
        run("append", "demo", "x");
        run("append", "demo-0", "x", "--header", "a");
        run("append", "demo-0", "x", "--lines");
        run("append", "demo-0", "x", "--seq", "3");
        run("append", "demo-0", "x", "--writer", "a b");
        run("append", "demo-0", "x", "--retry", "soon");
        run("append", "demo-0", "hello", "--format", "json");
        run("append", "demo-0", "hello!", "--format", "base64");
        run("append", "demo-0", "hello", "--format", "auto");
        run("read", "demo-0", "--format", "xml");
        run("read", "demo-0", "--meta", "--json");
        run("read", "demo-0", "--from", "yesterday");
        run("read", "demo-0", "--limit", "0");
        run("read", "demo-0", "--limit", "99999999999999999999");
        run("read", "demo-0", "--at", "2026-13-01");
        run("read", "demo-0", "--from", "3", "--at", "2026-01-01T00:00:00Z");
        run("read", "demo-0", "--view", "comitted");
        run("status", "--url", "localhost:7070");
        run("status", "--url", "ftp://localhost:7070");
        run("status", "--watch", "0");
        run("status", "--url", "http://127.0.0.1:1");
        run("append", "demo-0", "x", "--retry", "0s", "--url", "http://127.0.0.1:1");
        run("status", "--url", "http://no.such.host.invalid:7070");
        run("status", "--url", "http://" + grpc);
        run("status", "--url", url.replace("http:", "https:"));
        run("status", "--ca", folder.resolve("ca.pem").toString(), "--url", url.replace("http:", "https:"));
        run("read", "demo-0", "--grpc", "localhost", "--url", url);
        run("dev", "--nodes", "0");
        run("dev", "--port", "70000");
        run("drain", "n1", "--timeout", "5", "--url", url);
    }

    private void refused() throws IOException {
        run("append", "orders-0", "x", "--url", url);
        run("append", "demo-7", "x", "--url", url);
        run("append", "demo-0", "x", "--if-tail", "3", "--url", url);
        run("read", "demo-7", "--url", url);
        run("read", "orders-0", "--url", url);
        run("read", "demo-0", "--from", "5", "--until-tail", "--url", url);
        run("topics", "create", "Orders", "--url", url);
        run("topics", "create", "meta", "--url", url);
        run("topics", "create", "demo", "--pchannels", "2", "--url", url);
        run("topics", "create", "demo", "--compression", "zip", "--url", url);
        run("topics", "create", "wide", "--replication-factor", "3", "--url", url);
        run("topics", "describe", "dmo", "--url", url);
        run("topics", "delete", "demo", "--confirm", "dem", "--url", url);
        run("topics", "delete", "dmo", "--confirm", "dmo", "--url", url);
        run("trim", "demo-0", "--before", "5", "--url", url);
        run("trim", "demo-0", "--before", "-5", "--url", url);
        run("trim", "demo-1", "--before", "1", "--url", url);
        run("assign", "demo-0", "--term", "5", "--url", url);
        run("pin", "demo-0", "n9", "--url", url);
        run("drain", "n9", "--url", url);
        run("forget", "n1", "--url", url);
        run("explain", "demo-9", "--url", url);
    }

    private void segments() throws IOException {
        var empty = Files.createDirectory(folder.resolve("empty")).toString();
        run("segments", "ls", "demo-0", "--root", folder.resolve("nothing").toString());
        run("segments", "cat", "demo-0", "--root", empty, "--from", "9", "--to", "3");
        run("segments", "export", "demo-0", "--root", empty);
        run("segments", "lss", "demo-0");
    }

    private void run(String... args) throws IOException {
        var result = result("", args);
        var shown = List.of(args).stream().map(arg -> arg.contains(" ") ? "'" + arg + "'" : arg);
        transcript.add("$ seawall " + String.join(" ", shown.toList()).replace(" --url " + url, ""), result);
    }

    static String result(String in, String... args) throws IOException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var stdio = Stdio.of(
                new ByteArrayInputStream(in.getBytes(UTF_8)), out, new PrintStream(err, true, UTF_8), false, false);
        var exit = Seawall.run(stdio, args);
        stdio.out().flush();
        return out.toString(UTF_8) + err.toString(UTF_8) + "exit " + exit;
    }
}
