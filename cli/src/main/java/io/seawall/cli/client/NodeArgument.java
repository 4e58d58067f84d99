package io.seawall.cli.client;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of nodes. */
public final class NodeArgument {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private NodeArgument() {}

    /** Returns the API path of a node. */
    public static String path(String node) {
        return "/v1/nodes/" + node;
    }

    /** Checks a name before a request is made. */
    public static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!NAME.matcher(text).matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no name of a node: 1 to 64 letters, digits, '.', '_' and '-'");
            }
            return text;
        }
    }
}
