package io.seawall.cli.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Checks the form of a setting. */
public final class SettingConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        if (text.indexOf('=') <= 0) {
            // The text is not shown: it may be a secret.
            throw new TypeConversionException("expected KEY=VALUE, as in http.port=7070; found no '=' behind a key");
        }
        return text;
    }
}
