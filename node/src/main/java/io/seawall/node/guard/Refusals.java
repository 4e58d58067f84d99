package io.seawall.node.guard;

import io.seawall.node.access.Entry;
import io.seawall.node.access.Need;
import io.seawall.node.access.Reason;
import io.seawall.node.access.RefusalLimit;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import org.jspecify.annotations.Nullable;

/** The errors of requests that are refused. They quote no secret. */
final class Refusals {
    private static final String HOW = "send 'authorization: Bearer <token>' with a token of the node's access.file;"
            + " commands take one with --token-file, and ./seawall token create makes one";

    private Refusals() {}

    /** Returns the error of a request whose caller is not known, or not any more. */
    static WalException unknown(Ask ask, Reason reason, @Nullable Entry entry) {
        var problem = Problem.of(ErrorCode.UNAUTHENTICATED, ask.operation());
        return switch (reason) {
            case MISSING ->
                problem.found("a request without a token")
                        .expected("a caller of the node's access.file")
                        .fix(HOW)
                        .exception();
            case MALFORMED ->
                problem.found("an authorization that is no bearer token")
                        .expected("'authorization: Bearer <token>', once")
                        .fix(HOW)
                        .exception();
            case EXPIRED ->
                problem.found(entry == null ? "an entry that has expired" : expired(entry))
                        .expected("an entry that is valid")
                        .fix("give '" + (entry == null ? "" : entry.name())
                                + "' a new token, or a later time, in the node's" + " access.file")
                        .exception();
            case UNKNOWN, FORBIDDEN, LIMITED ->
                problem.found(unknown(ask))
                        .expected("one of the node's access.file")
                        .fix(HOW)
                        .exception();
        };
    }

    private static String unknown(Ask ask) {
        var presented = ask.presented();
        return presented.token().isPresent()
                ? "a token that is unknown or revoked"
                : "a certificate without an entry, of "
                        + presented.subject().map(Object::toString).orElse("nobody");
    }

    private static String expired(Entry entry) {
        return "the entry '" + entry.name() + "', which expired at "
                + entry.expires().map(Object::toString).orElse("a time");
    }

    /** Returns the error of a known caller that lacks a right. */
    static WalException forbidden(Ask ask, Entry entry, Need need) {
        var rights = String.join(" or ", need.rights());
        return Problem.of(ErrorCode.FORBIDDEN, ask.operation())
                .found("caller '" + entry.name() + "' with " + entry.rightsText())
                .expected("the right " + rights)
                .fix("add it to the entry '" + entry.name() + "' in the node's access.file")
                .exception();
    }

    /** Returns the error of a refusal beyond the limit. It does not tell what is wrong. */
    static WalException limited(Ask ask) {
        return Problem.of(ErrorCode.OVERLOADED, ask.operation())
                .found("too many refused requests of this address or caller")
                .expected("at most " + RefusalLimit.AT_ONCE + " at once, and then one per second")
                .fix("send a valid token, and try again in a few seconds")
                .exception();
    }
}
