package io.seawall.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The style of the protos, and that the check of it finds what it is to find. */
class ProtoLintTest {
    @Test
    void theProtosHaveTheUsualStyle() throws IOException {
        assertThat(Protos.ours())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(file -> assertThat(ProtoLint.faults(file)).isEmpty());
    }

    @Test
    void findsNothingInAFileThatIsRight() {
        assertThat(ProtoLint.faults(commented(file()).build())).isEmpty();
    }

    @Test
    void findsWhatHasNoComment() {
        assertThat(ProtoLint.faults(file().build()))
                .containsExactlyInAnyOrder(
                        "GetRequest has no comment above it",
                        "GetRequest.max_bytes has no comment above it",
                        "View has no comment above it",
                        "View.VIEW_UNSPECIFIED has no comment above it",
                        "LogService has no comment above it",
                        "LogService.Get has no comment above it");
    }

    @Test
    void findsNamesOfAnotherStyle() {
        var file = commented(file());
        file.getMessageTypeBuilder(0).setName("get_request").getFieldBuilder(0).setName("maxBytes");
        file.getEnumTypeBuilder(0).getValueBuilder(0).setName("NONE");
        file.getServiceBuilder(0).setName("Logs").getMethodBuilder(0).setInputType(".seawall.v1.Query");

        assertThat(ProtoLint.faults(file.build()))
                .hasSize(6)
                .anySatisfy(fault -> assertThat(fault).startsWith("get_request is not of the form"))
                .anySatisfy(fault -> assertThat(fault).startsWith("get_request.maxBytes is not of the form"))
                .contains(
                        "View.NONE does not begin with VIEW_",
                        "View.NONE has number 0, but 0 is VIEW_UNSPECIFIED and nothing else",
                        "Logs does not end with Service",
                        "Logs.Get takes .seawall.v1.Query");
    }

    @Test
    void findsAnotherPackage() {
        assertThat(ProtoLint.faults(commented(file()).setPackage("seawall.v2").build()))
                .containsExactly("seawall/v1/test.proto has package seawall.v2");
    }

    private static FileDescriptorProto.Builder file() {
        return FileDescriptorProto.newBuilder()
                .setName("seawall/v1/test.proto")
                .setPackage("seawall.v1")
                .setSyntax("proto3")
                .setOptions(FileOptions.newBuilder().setJavaMultipleFiles(true).setJavaPackage("io.seawall.api.v1"))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("GetRequest")
                        .addField(FieldDescriptorProto.newBuilder().setName("max_bytes")))
                .addEnumType(EnumDescriptorProto.newBuilder()
                        .setName("View")
                        .addValue(EnumValueDescriptorProto.newBuilder().setName("VIEW_UNSPECIFIED")))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("LogService")
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("Get")
                                .setInputType(".seawall.v1.GetRequest")
                                .setOutputType(".seawall.v1.GetResponse")));
    }

    /** Adds a comment to everything in that file. */
    private static FileDescriptorProto.Builder commented(FileDescriptorProto.Builder file) {
        var comments = SourceCodeInfo.newBuilder();
        for (var path : List.of(
                List.of(4, 0),
                List.of(4, 0, 2, 0),
                List.of(5, 0),
                List.of(5, 0, 2, 0),
                List.of(6, 0),
                List.of(6, 0, 2, 0))) {
            comments.addLocation(
                    SourceCodeInfo.Location.newBuilder().addAllPath(path).setLeadingComments(" What it is."));
        }
        return file.setSourceCodeInfo(comments);
    }
}
