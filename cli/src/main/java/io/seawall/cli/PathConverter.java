package io.seawall.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes the names of files and folders, and says what is wrong with one that cannot be one here. */
final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is no name that a file can have here: " + e.getReason()
                    + "; letters beyond ASCII need a UTF-8 locale, such as LC_ALL=C.UTF-8");
        }
    }
}
