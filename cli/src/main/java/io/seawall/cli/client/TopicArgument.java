package io.seawall.cli.client;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The argument that names a topic. */
public final class TopicArgument {
    @Parameters(
            index = "0",
            paramLabel = "<topic>",
            converter = Converter.class,
            description = "The topic's name: a-z, 0-9 and -, at most 100 characters.")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String topic;

    public String value() {
        return topic;
    }

    public String path() {
        return "/v1/topics/" + topic;
    }

    /** Checks a name before a request is made. */
    public static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return PChannel.checkTopic(text);
            } catch (WalException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
