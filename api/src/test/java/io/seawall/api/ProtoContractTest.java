package io.seawall.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The rule for changes of the protos: whatever is in golden/v1.txt stays as it is, and everything new is added there. */
class ProtoContractTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/v1.txt");

    @Test
    void whatProgramsRelyOnStaysAsItIs() throws IOException {
        assertThat(ProtoContract.broken(golden(), ProtoContract.lines(Protos.ours())))
                .as(
                        "what is gone or changed. Programs in the field were compiled with it: put it back as it was, and give "
                                + "the new meaning a new name and a new number")
                .isEmpty();
    }

    @Test
    void whatIsNewIsAddedToTheGoldenFile() throws IOException {
        var added = new ArrayList<>(ProtoContract.lines(Protos.ours()));
        added.removeAll(golden());
        if (Boolean.getBoolean("golden.add")) {
            var all = new ArrayList<>(golden());
            all.addAll(added);
            all.sort(null);
            Files.writeString(GOLDEN, String.join("\n", all) + "\n", StandardCharsets.UTF_8);
            return;
        }
        assertThat(added)
                .as("what is not in %s yet; add it with: mvn -pl api test -Dgolden.add=true", GOLDEN)
                .isEmpty();
    }

    @Test
    void aFieldMustNotBeRemoved() throws IOException {
        assertThat(broken(append -> append.getMessageTypeBuilderList().get(0).removeField(0)))
                .singleElement()
                .asString()
                .startsWith("field ");
    }

    @Test
    void aFieldMustNotGetAnotherNumberTypeOrLabel() throws IOException {
        assertThat(broken(file -> firstField(file).setNumber(99))).hasSize(1);
        assertThat(broken(file -> firstField(file).setType(FieldDescriptorProto.Type.TYPE_FIXED32)))
                .hasSize(1);
        assertThat(broken(file -> firstField(file).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)))
                .hasSize(1);
    }

    @Test
    void aMethodMustNotBecomeAStream() throws IOException {
        assertThat(broken(file -> {
                    var method = file.getServiceBuilder(0).getMethodBuilder(0);
                    method.setServerStreaming(!method.getServerStreaming());
                }))
                .singleElement()
                .asString()
                .startsWith("rpc ");
    }

    @Test
    void anAdditionBreaksNothing() throws IOException {
        assertThat(broken(file -> file.getMessageTypeBuilder(0)
                        .addField(FieldDescriptorProto.newBuilder()
                                .setName("new_one")
                                .setNumber(999)
                                .setType(FieldDescriptorProto.Type.TYPE_INT64))))
                .isEmpty();
    }

    private static FieldDescriptorProto.Builder firstField(FileDescriptorProto.Builder file) {
        return file.getMessageTypeBuilder(0).getFieldBuilder(0);
    }

    /** Returns what a change of the first file of the protos breaks. */
    private static List<String> broken(Consumer<FileDescriptorProto.Builder> change) throws IOException {
        var files = new ArrayList<>(Protos.ours());
        var contract = ProtoContract.lines(files);
        var changed = files.get(0).toBuilder();
        change.accept(changed);
        files.set(0, changed.build());
        return ProtoContract.broken(contract, ProtoContract.lines(files));
    }

    private static Collection<String> golden() throws IOException {
        if (Files.notExists(GOLDEN)) {
            return List.of();
        }
        return Arrays.stream(Files.readString(GOLDEN, StandardCharsets.UTF_8).split("\n", -1))
                .filter(line -> !line.isBlank())
                .toList();
    }
}
