package io.seawall.cli;

import io.seawall.node.config.NearestKey;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Words what is wrong with the arguments of a command. Stateless. */
final class Usage {
    private static final Pattern PARAMETER = Pattern.compile(
            "Invalid value for positional parameter at index [0-9.*]+ \\((.*?)\\): (.*)", Pattern.DOTALL);
    private static final Pattern CHOICE =
            Pattern.compile("expected one of \\[(.*)] \\(case-(?:in)?sensitive\\) but was '(.*)'", Pattern.DOTALL);

    private Usage() {}

    static String text(ParameterException wrong) {
        return wrong instanceof UnmatchedArgumentException unmatched
                ? unmatched(wrong.getCommandLine(), unmatched.getUnmatched())
                : shorter(String.valueOf(wrong.getMessage()));
    }

    /** Returns picocli's text without the index of a parameter, and with choices as they are typed. */
    private static String shorter(String message) {
        var parameter = PARAMETER.matcher(message);
        var text = parameter.matches() ? parameter.group(1) + ": " + parameter.group(2) : message;
        return CHOICE.matcher(text)
                .replaceFirst(found -> Matcher.quoteReplacement("'" + found.group(2) + "' is not one of "
                        + found.group(1).toLowerCase(Locale.ROOT)));
    }

    private static String unmatched(CommandLine command, List<String> arguments) {
        var option = arguments.stream().filter(each -> each.startsWith("-")).findFirst();
        if (option.isPresent()) {
            var name = option.get().split("=", 2)[0];
            var meant =
                    NearestKey.to(name, command.getCommandSpec().optionsMap().keySet());
            return "unknown option '" + name + "'"
                    + meant.map(each -> "; did you mean " + each + "?").orElse("");
        }
        var first = arguments.get(0);
        if (command.getSubcommands().isEmpty()) {
            return "one argument too many: '" + first + "'; quote a value that has spaces";
        }
        var meant = NearestKey.to(first, command.getSubcommands().keySet());
        var path = command.getCommandSpec().qualifiedName();
        return "there is no command '" + first + "'"
                + meant.map(each -> "; did you mean '" + path + " " + each + "'?")
                        .orElse("");
    }
}
