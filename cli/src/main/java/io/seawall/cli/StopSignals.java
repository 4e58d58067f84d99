package io.seawall.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a hook when the process is asked to stop, and interrupts it when it is asked again, because the JVM ignores a second signal:
 * a person who presses Ctrl-C twice does not want to wait until a node has handed over its logs.
 *
 * <p>The class of the signals is not part of Java's API, so it is used by reflection; where it is missing, or signals cannot be
 * handled, the hook runs all the same.
 */
final class StopSignals {
    private static final String[] NAMES = {"TERM", "INT"};
    private static final int EXIT_BY_SIGNAL = 128;

    private StopSignals() {}

    /** Adds a hook. Called once in a process. */
    static void add(Thread hook) {
        Runtime.getRuntime().addShutdownHook(hook);
        var asked = new AtomicBoolean();
        for (var name : NAMES) {
            handle(name, number -> {
                if (asked.compareAndSet(false, true)) {
                    System.exit(EXIT_BY_SIGNAL + number); // blocks until the hook has ended
                } else {
                    hook.interrupt();
                }
            });
        }
    }

    /** Handles a signal; called on a thread of its own for each. */
    @FunctionalInterface
    private interface Handler {
        void onSignal(int number);
    }

    private static void handle(String name, Handler handler) {
        try {
            var signals = Class.forName("sun.misc.Signal");
            var handlers = Class.forName("sun.misc.SignalHandler");
            var number = signals.getMethod("getNumber");
            var proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handlers}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            handler.onSignal((Integer) number.invoke(args[0]));
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> self == args[0];
                            default -> "StopSignals";
                        };
                    });
            signals.getMethod("handle", signals, handlers)
                    .invoke(null, signals.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException unsupported) {
            // The JVM's own handler runs the hook; InvocationTargetException: java -Xrs leaves signals alone.
            if (unsupported instanceof InvocationTargetException refused
                    && !(refused.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("cannot handle the signal " + name, refused);
            }
        }
    }
}
