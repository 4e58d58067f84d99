package io.seawall.client.internal.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * The Read call with values that are slices of the received message: gRPC's own marshaller would copy each of them, and they are
 * copied once more into the arrays that users get.
 */
public final class AliasingReads implements MethodDescriptor.Marshaller<ReadResponse> {
    private final MethodDescriptor.Marshaller<ReadResponse> usual;

    private AliasingReads(MethodDescriptor.Marshaller<ReadResponse> usual) {
        this.usual = usual;
    }

    /** Returns the method. */
    public static MethodDescriptor<ReadRequest, ReadResponse> method() {
        var method = LogServiceGrpc.getReadMethod();
        return method.toBuilder(method.getRequestMarshaller(), new AliasingReads(method.getResponseMarshaller()))
                .build();
    }

    @Override
    public InputStream stream(ReadResponse value) {
        return usual.stream(value);
    }

    @Override
    public ReadResponse parse(InputStream stream) {
        try {
            var input = UnsafeByteOperations.unsafeWrap(stream.readAllBytes()).newCodedInput();
            input.enableAliasing(true);
            var message = ReadResponse.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw Status.INTERNAL
                    .withDescription("a message of the node cannot be read")
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("a message cannot be read")
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
