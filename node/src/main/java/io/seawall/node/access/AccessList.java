package io.seawall.node.access;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of an access file. Immutable. */
public final class AccessList {
    private final List<Entry> entries;
    private final List<byte[]> hashes; // of the entries at the same places; empty arrays for those without a token

    /** Creates a list. */
    public AccessList(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        this.hashes = this.entries.stream()
                .map(entry -> entry.proof() instanceof Entry.TokenHash token ? token.bytes() : new byte[0])
                .toList();
    }

    /** Returns the entries in the order of the file. */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * Who sends a request, as far as it is known.
     *
     * @param entry the caller's entry; null if there is none that counts
     * @param refusal why there is none; null if there is one
     */
    public record Found(@Nullable Entry entry, @Nullable Reason refusal) {
        private static Found not(Reason why) {
            return new Found(null, why);
        }
    }

    /** Finds the caller of a request. What it takes does not depend on how much of a token is right. */
    public Found find(Presented presented, Instant now) {
        if (presented.isMalformed()) {
            return Found.not(Reason.MALFORMED);
        }
        if (presented.token().isEmpty() && presented.subject().isEmpty()) {
            return Found.not(Reason.MISSING);
        }
        var entry = presented.token().map(this::byToken).orElseGet(() -> bySubject(presented));
        if (entry.isEmpty()) {
            return Found.not(Reason.UNKNOWN);
        }
        return entry.get().isExpired(now) ? new Found(entry.get(), Reason.EXPIRED) : new Found(entry.get(), null);
    }

    /** Compares with all hashes, also after one fits. */
    private Optional<Entry> byToken(String token) {
        var hash = Token.sha256(token);
        Entry found = null;
        for (var at = 0; at < hashes.size(); at++) {
            if (MessageDigest.isEqual(hash, hashes.get(at))) {
                found = entries.get(at);
            }
        }
        return Optional.ofNullable(found);
    }

    private Optional<Entry> bySubject(Presented presented) {
        var subject = presented.subject().orElse(null);
        return entries.stream()
                .filter(entry -> entry.proof() instanceof Entry.Subject its && Objects.equals(its.name(), subject))
                .findFirst();
    }

    /** Returns the entry of the same caller: with the same token or subject. Empty if it was taken out. */
    public Optional<Entry> same(Entry before) {
        return entries.stream()
                .filter(entry -> entry.proof().equals(before.proof()))
                .findFirst();
    }
}
