package io.seawall.node.access;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * One line of the access file: a caller and its rights.
 *
 * @param name the caller's name, in errors and in the audit log
 * @param proof how the caller shows who it is
 * @param rights what it may do
 * @param expires from when on the entry is not valid any more; empty for never
 */
public record Entry(String name, Proof proof, Set<Right> rights, Optional<Instant> expires) {
    /** Copies the rights. */
    public Entry {
        rights = Set.copyOf(rights);
    }

    /** How a caller shows who it is. */
    public sealed interface Proof {}

    /**
     * The caller sends a token.
     *
     * @param sha256 the SHA-256 of the token in lower-case hex
     */
    public record TokenHash(String sha256) implements Proof {
        byte[] bytes() {
            return HexFormat.of().parseHex(sha256);
        }
    }

    /**
     * The caller shows a certificate.
     *
     * @param name the certificate's subject
     */
    public record Subject(X500Principal name) implements Proof {}

    /** Returns whether the entry is not valid any more. */
    public boolean isExpired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }

    /** Returns whether the caller has what a request needs. */
    public boolean allows(Need need) {
        return need.isMetBy(rights);
    }

    /** Returns the rights as the access file writes them, in order. */
    public String rightsText() {
        return rights.stream()
                .map(Right::toString)
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }
}
