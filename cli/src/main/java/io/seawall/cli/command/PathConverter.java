package io.seawall.cli.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the names of files and folders, and explains why this system does not allow a name. */
public final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a name that this system allows for a file: "
                    + e.getReason() + "; letters beyond ASCII need a UTF-8 locale, such as LC_ALL=C.UTF-8");
        }
    }
}
