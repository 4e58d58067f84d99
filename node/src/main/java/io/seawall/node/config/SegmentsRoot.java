package io.seawall.node.config;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** Where segments are kept. */
public sealed interface SegmentsRoot {
    /**
     * A folder of a local or network file system.
     *
     * @param path the folder
     */
    record Folder(Path path) implements SegmentsRoot {}

    /**
     * A bucket of an S3-compatible store.
     *
     * @param name the bucket
     * @param prefix the prefix of all object names, without a slash at either end; empty for none
     */
    record Bucket(String name, String prefix) implements SegmentsRoot {}

    /** The kinds of roots. */
    enum Kind {
        /** {@link Folder}. */
        FOLDER,
        /** {@link Bucket}. */
        BUCKET
    }

    /** Returns the kind of this root. */
    default Kind kind() {
        return this instanceof Folder ? Kind.FOLDER : Kind.BUCKET;
    }

    /**
     * Parses a configured value that is not empty.
     *
     * @throws ConfigException if it is a URL other than that of a bucket and a prefix
     */
    static SegmentsRoot parse(String key, String value) {
        if (!value.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")) {
            return new Folder(Path.of(value));
        }
        // Allow only characters that need no escape in a URL, and no empty part, '.' or '..', which some stores remove.
        var bucket = Pattern.compile(
                        "s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])" + "((?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9!_.*'()-]+)*)/?")
                .matcher(value);
        if (!bucket.matches()) {
            throw new ConfigException(
                    key,
                    value,
                    "expected a folder or s3://<bucket>[/<prefix>], the prefix of letters, digits and !_.*'()-/");
        }
        var prefix = bucket.group(2);
        return new Bucket(bucket.group(1), prefix.isEmpty() ? "" : prefix.substring(1));
    }
}
