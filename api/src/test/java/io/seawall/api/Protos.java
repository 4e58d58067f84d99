package io.seawall.api;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The protos of this module as protoc has read them, with their comments. */
final class Protos {
    private Protos() {}

    /** Returns the files of this module, without those that they import. */
    static List<FileDescriptorProto> ours() throws IOException {
        var path = Path.of(Objects.requireNonNull(System.getProperty("seawall.descriptors"), "set by the pom"));
        return FileDescriptorSet.parseFrom(Files.readAllBytes(path)).getFileList().stream()
                .filter(file -> file.getName().startsWith("seawall/"))
                .toList();
    }
}
