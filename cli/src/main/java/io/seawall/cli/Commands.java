package io.seawall.cli;

import io.seawall.cli.append.AppendCommand;
import io.seawall.cli.bench.BenchCommand;
import io.seawall.cli.bench.WireCommand;
import io.seawall.cli.cluster.DrainCommand;
import io.seawall.cli.cluster.ExplainCommand;
import io.seawall.cli.cluster.ForgetCommand;
import io.seawall.cli.cluster.FreezeCommand;
import io.seawall.cli.cluster.NodesCommand;
import io.seawall.cli.cluster.PinCommand;
import io.seawall.cli.cluster.ResumeCommand;
import io.seawall.cli.cluster.ThawCommand;
import io.seawall.cli.cluster.UnpinCommand;
import io.seawall.cli.cluster.UnquarantineCommand;
import io.seawall.cli.command.SelfCommand;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.dev.DevCommand;
import io.seawall.cli.dev.NodeCommand;
import io.seawall.cli.logs.AssignCommand;
import io.seawall.cli.logs.FlushCommand;
import io.seawall.cli.logs.StatusCommand;
import io.seawall.cli.logs.TopicsCommand;
import io.seawall.cli.logs.TrimCommand;
import io.seawall.cli.read.ReadCommand;
import io.seawall.cli.segments.SegmentsCat;
import io.seawall.cli.segments.SegmentsCommand;
import io.seawall.cli.segments.SegmentsExport;
import io.seawall.cli.segments.SegmentsGc;
import io.seawall.cli.segments.SegmentsLs;
import io.seawall.cli.segments.SegmentsRestore;
import io.seawall.cli.segments.SegmentsVerify;
import io.seawall.cli.token.TokenCommand;
import io.seawall.cli.token.TokenCreate;
import io.seawall.cli.token.TokenLs;
import io.seawall.cli.token.TokenRevoke;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The commands, by name. Stateless. */
final class Commands {
    /** All of them, in the order of the help text. */
    private static final List<String> NAMES = List.of(
            "dev",
            "node",
            "append",
            "read",
            "status",
            "topics",
            "nodes",
            "explain",
            "drain",
            "resume",
            "pin",
            "unpin",
            "freeze",
            "thaw",
            "unquarantine",
            "forget",
            "assign",
            "flush",
            "trim",
            "segments",
            "token",
            "bench");

    private static final Consumer<Thread> SHUTDOWN_HOOKS = Runtime.getRuntime()::addShutdownHook;

    private Commands() {}

    /**
     * Adds the command that the first argument names, or all of them if it names none: for the help text, and for suggestions
     * after a typo. Picocli reads the options of each command that is added, which for all of them takes longer than a request.
     *
     * @return the same command line
     */
    static CommandLine addTo(CommandLine root, Stdio stdio, String... args) {
        if (args.length > 0 && NAMES.contains(args[0])) {
            return root.addSubcommand(command(args[0], stdio));
        }
        NAMES.forEach(name -> root.addSubcommand(command(name, stdio)));
        return root.addSubcommand(new HelpCommand());
    }

    private static Object command(String name, Stdio stdio) {
        return switch (name) {
            case "dev" -> new DevCommand(stdio, new LocalNodes(), new ChildBroker(), StopSignals::add);
            case "node" -> new NodeCommand(stdio, new LocalNodes(), StopSignals::add);
            case "append" -> new AppendCommand(stdio);
            case "read" -> new ReadCommand(stdio);
            case "status" -> new StatusCommand(stdio);
            case "topics" -> topics(stdio);
            case "nodes" -> new NodesCommand(stdio);
            case "explain" -> new ExplainCommand(stdio);
            case "drain" -> new DrainCommand(stdio);
            case "resume" -> new ResumeCommand(stdio);
            case "pin" -> new PinCommand(stdio);
            case "unpin" -> new UnpinCommand(stdio);
            case "freeze" -> new FreezeCommand(stdio);
            case "thaw" -> new ThawCommand(stdio);
            case "unquarantine" -> new UnquarantineCommand(stdio);
            case "forget" -> new ForgetCommand(stdio);
            case "assign" -> new AssignCommand(stdio);
            case "flush" -> new FlushCommand(stdio);
            case "trim" -> new TrimCommand(stdio);
            case "segments" -> segments(stdio);
            case "token" -> token(stdio);
            case "bench" -> bench(stdio);
            default -> throw new IllegalArgumentException("no command is named " + name);
        };
    }

    private static CommandLine topics(Stdio stdio) {
        return new CommandLine(new TopicsCommand())
                .addSubcommand(new TopicsCommand.ListAll(stdio))
                .addSubcommand(new TopicsCommand.Create(stdio))
                .addSubcommand(new TopicsCommand.Delete(stdio))
                .addSubcommand(new TopicsCommand.Describe(stdio));
    }

    private static CommandLine segments(Stdio stdio) {
        return new CommandLine(new SegmentsCommand())
                .addSubcommand(new SegmentsLs(stdio))
                .addSubcommand(new SegmentsCat(stdio))
                .addSubcommand(new SegmentsVerify(stdio))
                .addSubcommand(new SegmentsGc(stdio))
                .addSubcommand(new SegmentsExport(stdio))
                .addSubcommand(new SegmentsRestore(stdio));
    }

    private static CommandLine token(Stdio stdio) {
        return new CommandLine(new TokenCommand())
                .addSubcommand(new TokenCreate(stdio, new SecureRandom()::nextBytes))
                .addSubcommand(new TokenRevoke(stdio))
                .addSubcommand(new TokenLs(stdio));
    }

    private static CommandLine bench(Stdio stdio) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new BenchCommand.Append(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Read(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Takeover(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Open(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Flush(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(
                        new WireCommand(stdio, SHUTDOWN_HOOKS, new LocalNodes(), new SelfCommand(Seawall.class)));
    }
}
