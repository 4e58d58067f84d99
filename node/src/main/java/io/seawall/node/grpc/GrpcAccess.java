package io.seawall.node.grpc;

import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.node.access.Presented;
import io.seawall.node.grpc.call.CallSession;
import io.seawall.node.grpc.call.GrpcErrors;
import io.seawall.node.guard.AccessGuard;
import io.seawall.node.guard.Ask;
import io.seawall.node.guard.Session;
import io.seawall.wal.Effect;
import io.seawall.wal.WalException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;

/**
 * Lets calls in whose caller may make them, judges their messages, and ends streams whose caller may not have them any more.
 * Thread-safe; nothing blocks.
 */
final class GrpcAccess implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Optional<AccessGuard> guard;
    private final GrpcErrors errors;
    private final Set<Judged<?, ?>> streams = ConcurrentHashMap.newKeySet();

    /**
     * Creates the access.
     *
     * @param guard decides; if it is empty, everybody may do everything
     * @param errors translates errors
     */
    GrpcAccess(Optional<AccessGuard> guard, GrpcErrors errors) {
        this.guard = guard;
        this.errors = errors;
        guard.ifPresent(deciding -> deciding.addListener(this::sweep));
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (guard.isEmpty() || MethodNeeds.isOpen(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        Session session;
        try {
            session = guard.get().identify(ask(call, headers));
        } catch (WalException refused) {
            close(call, refused);
            return new ServerCall.Listener<>() {};
        }
        var audited = new SimpleForwardingServerCall<Q, A>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                session.finished(status.getCode().name());
                super.close(status, trailers);
            }
        };
        var listener = Contexts.interceptCall(CallSession.with(session), audited, headers, next);
        var judged = new Judged<>(listener, call, session);
        if (call.getMethodDescriptor().getType() != MethodType.UNARY) {
            streams.add(judged);
        }
        return judged;
    }

    private static Ask ask(ServerCall<?, ?> call, Metadata headers) {
        var authorization = new ArrayList<String>();
        var sent = headers.getAll(AUTHORIZATION);
        if (sent != null) {
            sent.forEach(authorization::add);
        }
        return new Ask(
                "call " + call.getMethodDescriptor().getFullMethodName(),
                Presented.of(List.copyOf(authorization), subject(call)),
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    /** Returns the subject of the certificate that the client has shown, which the handshake has verified. */
    private static Optional<X500Principal> subject(ServerCall<?, ?> call) {
        var tls = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (tls == null) {
            return Optional.empty();
        }
        try {
            var chain = tls.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first
                    ? Optional.of(first.getSubjectX500Principal())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException withoutCertificate) {
            return Optional.empty();
        }
    }

    private void close(ServerCall<?, ?> call, WalException why) {
        var status = errors.toStatus(why);
        var trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** Ends streams whose caller may not have them any more. Called about once per second, and when the access file changed. */
    void sweep() {
        streams.forEach(Judged::check);
    }

    /** Gives the method the messages that the caller may send. */
    private final class Judged<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, A> call;
        private final Session session;
        private volatile boolean ended; // written by gRPC's thread and by the one that sweeps

        Judged(ServerCall.Listener<Q> method, ServerCall<Q, A> call, Session session) {
            super(method);
            this.call = call;
            this.session = session;
        }

        @Override
        public void onMessage(Q message) {
            if (ended) {
                return;
            }
            try {
                MethodNeeds.of(call.getMethodDescriptor(), message).ifPresent(session::require);
            } catch (WalException refused) {
                end(refused);
                return;
            }
            super.onMessage(message);
        }

        void check() {
            try {
                session.check();
            } catch (WalException refused) {
                var appends = call.getMethodDescriptor()
                        .getFullMethodName()
                        .equals(LogServiceGrpc.getAppendMethod().getFullMethodName());
                end(appends ? refused.problem().effect(Effect.UNKNOWN).exception() : refused);
            }
        }

        /** Answers with the error, and lets the method give up what it holds. */
        private void end(WalException why) {
            ended = true;
            streams.remove(this);
            close(call, why);
            super.onCancel();
        }

        @Override
        public void onHalfClose() {
            if (!ended) {
                super.onHalfClose();
            }
        }

        @Override
        public void onReady() {
            if (!ended) {
                super.onReady();
            }
        }

        @Override
        public void onCancel() {
            streams.remove(this);
            super.onCancel();
        }

        @Override
        public void onComplete() {
            streams.remove(this);
            super.onComplete();
        }
    }
}
