package io.seawall.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.node.access.Action;
import io.seawall.node.access.Need;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MethodNeedsTest {
    private final GrpcFixture grpc = new GrpcFixture();

    @AfterEach
    void close() {
        grpc.close();
    }

    @Test
    void everyMethodStatesItsNeed() {
        var methods = grpc.server.services().stream()
                .flatMap(service -> service.getMethods().stream())
                .map(method -> method.getMethodDescriptor())
                .toList();

        assertThat(methods)
                .hasSizeGreaterThan(10)
                .allSatisfy(method -> assertThat(MethodNeeds.isStated(method))
                        .as(method.getFullMethodName())
                        .isTrue());
    }

    @Test
    void aMethodThatStatesNoneNeedsAdminForEverything() {
        var other = LogServiceGrpc.getTrimMethod().toBuilder()
                .setFullMethodName("seawall.v1.LogService/New")
                .build();

        assertThat(MethodNeeds.isStated(other)).isFalse();
        assertThat(MethodNeeds.isOpen(other)).isFalse();
        assertThat(MethodNeeds.of(other, "anything")).contains(Need.ofAll(Action.ADMIN));
    }
}
