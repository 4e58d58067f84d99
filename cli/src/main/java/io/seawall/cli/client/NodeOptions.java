package io.seawall.cli.client;

import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Progress;
import io.seawall.cli.command.Report;
import io.seawall.cli.command.Stdio;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that sends requests to a node. */
public final class NodeOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:SEAWALL_URL:-http://127.0.0.1:7070}",
            converter = UrlConverter.class,
            description = "A node: --url, else SEAWALL_URL, else http://127.0.0.1:7070.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: there is a default
    private URI url;

    @Mixin
    private final TlsOptions tls = new TlsOptions();

    @Mixin
    private final TokenOptions token = new TokenOptions();

    @Mixin
    private final OutputOptions output;

    public NodeOptions(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    public Stdio stdio() {
        return output.stdio();
    }

    public boolean json() {
        return output.json();
    }

    /** Returns the time of day. */
    public Instant now() {
        return output.now();
    }

    /** Returns the address of the node. */
    public URI url() {
        return url;
    }

    public NodeClient client() {
        return client(url);
    }

    /** Returns a client of another node, to which the same options of TLS apply. */
    NodeClient client(URI other) {
        return new NodeClient(other, tls.context(this::now), login());
    }

    /** Returns the options for nodes that serve TLS. */
    TlsOptions tls() {
        return tls;
    }

    /** Returns what shows nodes who the caller is. */
    Login login() {
        return token.login();
    }

    /** Returns whether requests to the node are encrypted. */
    boolean isEncrypted() {
        return "https".equals(url.getScheme());
    }

    public Report report() {
        return output.report();
    }

    /** Creates the progress display; {@code quietly} if it would be mixed with the command's results. */
    public Progress progress(boolean quietly) {
        return output.progress(quietly);
    }

    /** Creates a limit of how long to retry while nothing succeeds. */
    public RetryDeadline retryDeadline(Duration longest) {
        return new RetryDeadline(longest, System::nanoTime);
    }

    /** Parses absolute http and https addresses. */
    static final class UrlConverter implements ITypeConverter<URI> {
        private static final int MOST_PORT = 65_535;

        @Override
        public URI convert(String text) {
            try {
                var uri = URI.create(text);
                var isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (uri.getHost() != null && isHttp && uri.getPort() <= MOST_PORT) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                throw wrong(text);
            }
            throw wrong(text);
        }

        private static TypeConversionException wrong(String text) {
            return new TypeConversionException("'" + text + "' is not an address like http://127.0.0.1:7070");
        }
    }
}
