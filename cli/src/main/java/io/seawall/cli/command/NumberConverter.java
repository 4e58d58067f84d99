package io.seawall.cli.command;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Parses whole numbers; picocli would name the Java type in its error.
 *
 * @param <N> the type
 */
public final class NumberConverter<N> implements ITypeConverter<N> {
    private final Function<String, N> parse;

    /**
     * Creates a converter.
     *
     * @param parse throws a {@link NumberFormatException} for text that is no number of the type
     */
    public NumberConverter(Function<String, N> parse) {
        this.parse = parse;
    }

    @Override
    public N convert(String text) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException notANumber) {
            var whole = text.matches("[+-]?[0-9]+");
            throw new TypeConversionException(
                    "'" + text + (whole ? "' is too large a number" : "' is not a whole number"));
        }
    }
}
