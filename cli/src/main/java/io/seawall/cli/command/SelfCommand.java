package io.seawall.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to run a command of Seawall as a process of its own, with the Java and the class path of this process. */
public final class SelfCommand {
    private final Class<?> main;

    /**
     * Creates the way to run it.
     *
     * @param main the main class of Seawall
     */
    public SelfCommand(Class<?> main) {
        this.main = main;
    }

    /**
     * Returns program and first arguments, before those of the command.
     *
     * @param flags options for Java, as the launcher script gives them
     */
    public List<String> with(String... flags) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return List.copyOf(command);
    }
}
