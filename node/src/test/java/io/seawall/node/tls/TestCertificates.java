package io.seawall.node.tls;

import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates for tests, made once for all of them. */
public final class TestCertificates {
    private static final Path FOLDER = folder();

    /** The authority that nodes and clients trust. */
    public static final LocalAuthority OURS = LocalAuthority.create(FOLDER.resolve("ours"));

    /** Another one. */
    public static final LocalAuthority THEIRS = LocalAuthority.create(FOLDER.resolve("theirs"));

    /** A node's certificate. */
    public static final Issued NODE = OURS.issue("node");

    /** The one that replaces it. */
    public static final Issued RENEWED = OURS.issue("renewed");

    /** A client's certificate. */
    public static final Issued CLIENT = OURS.issue("client");

    /** A certificate of our authority that was valid ten days ago, for five days. */
    public static final Issued EXPIRED = OURS.issue("expired", -10, 5);

    /** A certificate of the other authority. */
    public static final Issued STRANGER = THEIRS.issue("stranger");

    private TestCertificates() {}

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of("target"), "certificates");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
