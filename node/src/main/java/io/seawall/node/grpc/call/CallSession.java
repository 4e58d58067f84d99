package io.seawall.node.grpc.call;

import io.grpc.Context;
import io.seawall.node.guard.Session;

/** Carries the rights of a call's caller to its method. */
public final class CallSession {
    private static final Context.Key<Session> KEY = Context.keyWithDefault("seawall-session", Session.ANYONE);

    private CallSession() {}

    /** Returns the rights of the caller of the call whose method or listener runs on this thread. */
    public static Session current() {
        return KEY.get();
    }

    /** Returns a context in which they are the current ones. */
    public static Context with(Session session) {
        return Context.current().withValue(KEY, session);
    }
}
