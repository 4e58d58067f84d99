package io.seawall.node.access;

import java.util.Locale;

/** Why a request is refused. */
public enum Reason {
    /** It shows neither a token nor a certificate. */
    MISSING,
    /** Its {@code Authorization} is no bearer token. */
    MALFORMED,
    /** No entry has its token, or the subject of its certificate; also after the entry was taken out of the file. */
    UNKNOWN,
    /** The entry is not valid any more. */
    EXPIRED,
    /** The caller is known and lacks the right. */
    FORBIDDEN,
    /** Too many requests of the address, or of the caller, were refused before it. */
    LIMITED;

    /** Returns its name in metrics and in the audit log. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
