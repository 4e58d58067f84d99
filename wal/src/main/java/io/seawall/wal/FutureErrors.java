package io.seawall.wal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Reads errors: what the failure of a future wraps, and what an exception means in words. Thread-safe. */
public final class FutureErrors {
    private FutureErrors() {}

    /**
     * Returns what was thrown, without the {@link CompletionException}s and {@link ExecutionException}s around it. A future adds
     * one each time its error passes to a dependent future or to a caller that waits, so the type of the error that a callback
     * receives depends on how the future was made.
     *
     * @param error what a callback received or a waiting call threw
     * @return the innermost cause; a wrapper without a cause is returned as it is
     */
    public static Throwable unwrapped(Throwable error) {
        var at = error;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /**
     * Says in words what an exception means, for people who do not know Java. Messages alone are not enough: that of a missing file is
     * only its name, and some are empty.
     *
     * @return what happened, without the name of a class
     */
    public static String text(Throwable error) {
        var message = error.getMessage();
        var cause = error.getCause();
        if (cause != null && (message == null || message.isBlank() || message.equals(cause.toString()))) {
            return text(cause); // the outer one says nothing of its own
        }
        if (error instanceof IOException io) {
            return input(io);
        }
        return message == null || message.isBlank() ? words(error) : message;
    }

    private static String input(IOException error) {
        if (error instanceof FileSystemException file) {
            return file(file);
        }
        if (error instanceof CharacterCodingException) {
            return "bytes that are not text in the expected encoding";
        }
        if (error instanceof ClosedChannelException) {
            return "the channel was closed";
        }
        var message = error.getMessage();
        if (error instanceof UnknownHostException) {
            return "no address is known for the host" + (message == null ? "" : " " + message);
        }
        return message == null || message.isBlank() ? withoutMessage(error) : message;
    }

    private static String withoutMessage(IOException error) {
        if (error instanceof ConnectException) {
            return "no connection was accepted";
        }
        if (error instanceof NoRouteToHostException) {
            return "there is no route to the host";
        }
        return error instanceof SocketTimeoutException ? "there was no answer in time" : words(error);
    }

    private static String file(FileSystemException error) {
        var reason = reason(error);
        return error.getFile() == null ? reason : error.getFile() + ": " + reason;
    }

    private static String reason(FileSystemException error) {
        var reason = special(error);
        if (reason != null) {
            return reason;
        }
        // The reason as the system says it: people search for it.
        return error.getReason() == null ? words(error) : error.getReason();
    }

    private static @Nullable String special(FileSystemException error) {
        if (error instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (error instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (error instanceof NotDirectoryException) {
            return "it is not a directory";
        }
        return error instanceof DirectoryNotEmptyException ? "the directory is not empty" : null;
    }

    /** Returns the name of the exception's type in words: {@code EOFException} becomes "eof", {@code TimeoutException} "timeout". */
    private static String words(Throwable error) {
        var name = error.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
        var words = name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
                .toLowerCase(Locale.ROOT);
        return words.isBlank() ? "an error without a message" : words;
    }
}
