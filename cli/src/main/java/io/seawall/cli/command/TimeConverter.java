package io.seawall.cli.command;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses moments such as {@code 2026-11-23T14:00:00Z}. */
public final class TimeConverter implements ITypeConverter<OffsetDateTime> {
    @Override
    public OffsetDateTime convert(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeParseException notATime) {
            throw new TypeConversionException(
                    "'" + text + "' is not a moment with its time zone, such as 2026-11-23T14:00:00Z");
        }
    }
}
