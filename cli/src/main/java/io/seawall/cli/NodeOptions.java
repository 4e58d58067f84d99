package io.seawall.cli;

import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that talks to a node. */
final class NodeOptions {
    private final Stdio stdio;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:SEAWALL_URL:-http://127.0.0.1:7070}",
            converter = UrlConverter.class,
            description = "A node: --url, else SEAWALL_URL, else http://127.0.0.1:7070.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: there is a default
    private URI url;

    @Option(names = "--json", description = "Write JSON for programs: one object, or one per line.")
    private boolean json;

    @Option(names = "--progress", description = "Show progress even if standard error is not a terminal.")
    private boolean progress;

    NodeOptions(Stdio stdio) {
        this.stdio = stdio;
    }

    Stdio stdio() {
        return stdio;
    }

    boolean json() {
        return json;
    }

    NodeClient client() {
        return new NodeClient(url);
    }

    Report report() {
        return new Report(stdio, json);
    }

    /** Counts shown while the command runs; {@code quietly} if it would be written into its own results. */
    Progress progress(boolean quietly) {
        return new Progress(stdio.err(), progress || (stdio.errTerminal() && !quietly), System::nanoTime);
    }

    /** How long to try again while nothing succeeds. */
    Patience patience(Duration longest) {
        return new Patience(longest, System::nanoTime);
    }

    /** Takes absolute http and https addresses. */
    static final class UrlConverter implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                var uri = URI.create(text);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
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
