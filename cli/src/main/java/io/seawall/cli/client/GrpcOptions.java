package io.seawall.cli.client;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Json;
import io.seawall.client.ClientOptions;
import io.seawall.client.SeawallClient;
import io.seawall.client.log.SeawallException;
import io.seawall.wal.Effect;
import io.seawall.wal.PChannel;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The option of the commands that use a node's gRPC, and how its address is found: the node that is reached over HTTP tells it
 * (decision 95). Whether it is encrypted is decided here too (decision 103).
 */
public final class GrpcOptions {
    private static final String HOW_TO_SET = "--grpc or SEAWALL_GRPC";

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:SEAWALL_GRPC}",
            converter = AddressConverter.class,
            description = "The gRPC address of a node: --grpc, else SEAWALL_GRPC, else what the node at --url says.")
    private @Nullable String given;

    /**
     * Returns a client for calls that any node serves. Blocks. The caller closes the client.
     *
     * @throws NodeFailure if there is no node, it does not serve gRPC, or nothing answers at the address
     */
    public SeawallClient connect(NodeOptions node) {
        return client(node, List.of(address(node)));
    }

    /**
     * Returns a client that also knows the owner of a log, as far as the node does: in mode {@code manual}, nodes cannot tell a
     * client where another one serves gRPC. The rest is as in {@link #connect}.
     */
    public SeawallClient connectToOwner(NodeOptions node, PChannel pchannel) {
        var address = address(node);
        var owner = isGiven() ? Optional.<String>empty() : owner(node, pchannel);
        return client(
                node,
                Stream.concat(Stream.of(address), owner.stream()).distinct().toList());
    }

    private SeawallClient client(NodeOptions node, List<String> addresses) {
        var options = ClientOptions.builder();
        addresses.forEach(options::endpoint);
        if (isEncrypted(node)) {
            options.tls(node.tls().forGrpc());
        }
        var login = node.login();
        var token = login.token();
        if (token != null) {
            options.token(() -> token);
        }
        if (login.plainText()) {
            options.tokenInPlainText();
        }
        try {
            return SeawallClient.connect(options.build());
        } catch (SeawallException unusable) { // the files of TLS
            throw new CommandFailed(String.valueOf(unusable.getMessage()));
        }
    }

    /**
     * Returns whether to use TLS: as the node's HTTP does. An address that is given has no scheme, so it is encrypted also if there are
     * files for that: records of a user who names them must not leave in plain text.
     */
    private boolean isEncrypted(NodeOptions node) {
        return node.isEncrypted() || (isGiven() && node.tls().isGiven());
    }

    private boolean isGiven() {
        return given != null && !given.isEmpty();
    }

    private String address(NodeOptions node) {
        if (given != null && isGiven()) {
            checkAnswers(node, given, "");
            return given;
        }
        var address = ask(node);
        checkAnswers(node, address, ", where the node at " + node.url() + " says that it serves gRPC");
        return address;
    }

    private static Optional<String> owner(NodeOptions node, PChannel pchannel) {
        try {
            var url = Json.text(node.client().get(PChannelArgument.path(pchannel)), "url");
            var isAsSafe = url.startsWith("https:") || !node.isEncrypted();
            var owner = url.isEmpty() || !isAsSafe ? "" : grpcOf(node.client(URI.create(url)));
            return Optional.of(owner).filter(known -> !known.isEmpty());
        } catch (NodeFailure | IllegalArgumentException unknown) {
            return Optional.empty(); // the call itself says what is wrong
        }
    }

    private static String grpcOf(NodeClient node) {
        var address = Json.text(node.get("/version"), "grpc");
        try {
            return new AddressConverter().convert(address);
        } catch (TypeConversionException e) {
            throw new NodeFailure("BAD_ANSWER", Effect.NONE, node.uri("/version") + ": " + e.getMessage());
        }
    }

    private static String ask(NodeOptions node) {
        var found = grpcOf(node.client());
        if (found.isEmpty()) {
            throw new NodeFailure(
                    "NO_GRPC",
                    Effect.NONE,
                    "the node at " + node.url() + " names no gRPC address; start it with grpc.enabled=true, or set the"
                            + " address of another node with " + HOW_TO_SET);
        }
        return found;
    }

    /** Finds a wrong address, and a node that is not trusted, at once: the client goes on trying, as the node may be starting again. */
    private void checkAnswers(NodeOptions node, String address, String whose) {
        var probe = isEncrypted(node) ? GrpcProbe.encrypted(node.tls().context(node::now)) : GrpcProbe.plain();
        probe.check(address, whose + "; set the address at which this machine reaches it with " + HOW_TO_SET);
    }

    /** Checks the form of an address. */
    static final class AddressConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isEmpty()) {
                return text; // an environment variable that is set to nothing
            }
            try {
                return ClientOptions.builder()
                        .endpoint(text)
                        .build()
                        .endpoints()
                        .get(0);
            } catch (SeawallException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
