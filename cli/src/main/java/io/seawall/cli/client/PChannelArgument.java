package io.seawall.cli.client;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The argument that names a log. */
public final class PChannelArgument {
    @Parameters(
            index = "0",
            paramLabel = "<pchannel>",
            converter = Converter.class,
            description = "The log: <topic>-<partition>, as in orders-3.")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private PChannel pchannel;

    public PChannel value() {
        return pchannel;
    }

    /** Returns a path below the API path of this log. */
    public String path(String rest) {
        return path(pchannel) + rest;
    }

    public static String path(PChannel pchannel) {
        return "/v1/pchannels/" + pchannel;
    }

    /** Checks a name before a request is made. */
    public static final class Converter implements ITypeConverter<PChannel> {
        @Override
        public PChannel convert(String text) {
            try {
                return PChannel.parse(text);
            } catch (WalException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
