package io.seawall.kafkalocal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says why a file or directory could not be used, without the names of classes. */
final class FileReasons {
    private FileReasons() {}

    static String of(IOException error) {
        if (!(error instanceof FileSystemException file)) {
            return String.valueOf(error.getMessage());
        }
        return file.getFile() + ": " + reason(file);
    }

    private static String reason(FileSystemException error) {
        if (error.getReason() != null) {
            return error.getReason();
        }
        if (error instanceof FileAlreadyExistsException) {
            return "it is there and is no directory";
        }
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        return error instanceof NoSuchFileException ? "no such file or directory" : error.toString();
    }
}
