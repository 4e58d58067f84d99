package io.seawall.api;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks the style of a proto file: names, comments, and the zero of each enum. */
final class ProtoLint {
    private static final Pattern UPPER_CAMEL = Pattern.compile("([A-Z][a-z0-9]*)+");
    private static final Pattern LOWER_SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Pattern UPPER_SNAKE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");

    private final FileDescriptorProto file;
    private final Map<List<Integer>, Location> places = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    private ProtoLint(FileDescriptorProto file) {
        this.file = file;
        file.getSourceCodeInfo().getLocationList().forEach(place -> places.put(place.getPathList(), place));
    }

    /** Returns what is wrong with a file, one sentence each. */
    static List<String> faults(FileDescriptorProto file) {
        var lint = new ProtoLint(file);
        lint.check();
        return lint.faults;
    }

    private void check() {
        expect(file.getPackage().equals("seawall.v1"), file.getName(), "has package " + file.getPackage());
        expect(file.getSyntax().equals("proto3"), file.getName(), "has syntax " + file.getSyntax());
        expect(file.getOptions().getJavaMultipleFiles(), file.getName(), "has no option java_multiple_files");
        expect(
                file.getOptions().getJavaPackage().equals("io.seawall.api.v1"),
                file.getName(),
                "has java_package " + file.getOptions().getJavaPackage());
        for (var at = 0; at < file.getMessageTypeCount(); at++) {
            message(file.getMessageType(at), path(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, at), "");
        }
        for (var at = 0; at < file.getEnumTypeCount(); at++) {
            enumeration(file.getEnumType(at), path(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, at), "");
        }
        for (var at = 0; at < file.getServiceCount(); at++) {
            service(file.getService(at), path(FileDescriptorProto.SERVICE_FIELD_NUMBER, at));
        }
    }

    private void message(DescriptorProto message, List<Integer> path, String outer) {
        if (message.getOptions().getMapEntry()) {
            return;
        }
        var name = outer + message.getName();
        named(message.getName(), UPPER_CAMEL, name);
        // In Java, a message with this name collides with java.lang.Record.
        expect(!message.getName().equals("Record"), name, "is a name of java.lang");
        commented(path, name);
        for (var at = 0; at < message.getFieldCount(); at++) {
            field(message.getField(at), path(path, DescriptorProto.FIELD_FIELD_NUMBER, at), name);
        }
        for (var at = 0; at < message.getOneofDeclCount(); at++) {
            var oneof = message.getOneofDecl(at).getName();
            if (!oneof.startsWith("_")) { // protoc's own, for an optional field
                named(oneof, LOWER_SNAKE, name + "." + oneof);
                commented(path(path, DescriptorProto.ONEOF_DECL_FIELD_NUMBER, at), name + "." + oneof);
            }
        }
        for (var at = 0; at < message.getNestedTypeCount(); at++) {
            message(message.getNestedType(at), path(path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, at), name + ".");
        }
        for (var at = 0; at < message.getEnumTypeCount(); at++) {
            enumeration(message.getEnumType(at), path(path, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, at), name + ".");
        }
    }

    private void field(FieldDescriptorProto field, List<Integer> path, String message) {
        var name = message + "." + field.getName();
        named(field.getName(), LOWER_SNAKE, name);
        commented(path, name);
    }

    private void enumeration(EnumDescriptorProto type, List<Integer> path, String outer) {
        var name = outer + type.getName();
        named(type.getName(), UPPER_CAMEL, name);
        commented(path, name);
        var prefix = type.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
        for (var at = 0; at < type.getValueCount(); at++) {
            var value = type.getValue(at);
            named(value.getName(), UPPER_SNAKE, name + "." + value.getName());
            expect(value.getName().startsWith(prefix), name + "." + value.getName(), "does not begin with " + prefix);
            expect(
                    (value.getNumber() == 0) == value.getName().equals(prefix + "UNSPECIFIED"),
                    name + "." + value.getName(),
                    "has number " + value.getNumber() + ", but 0 is " + prefix + "UNSPECIFIED and nothing else");
            commented(path(path, EnumDescriptorProto.VALUE_FIELD_NUMBER, at), name + "." + value.getName());
        }
    }

    private void service(ServiceDescriptorProto service, List<Integer> path) {
        named(service.getName(), UPPER_CAMEL, service.getName());
        expect(service.getName().endsWith("Service"), service.getName(), "does not end with Service");
        commented(path, service.getName());
        for (var at = 0; at < service.getMethodCount(); at++) {
            var method = service.getMethod(at);
            var name = service.getName() + "." + method.getName();
            named(method.getName(), UPPER_CAMEL, name);
            commented(path(path, ServiceDescriptorProto.METHOD_FIELD_NUMBER, at), name);
            expect(
                    method.getInputType().endsWith("." + method.getName() + "Request"),
                    name,
                    "takes " + method.getInputType());
            expect(
                    method.getOutputType().endsWith("." + method.getName() + "Response"),
                    name,
                    "returns " + method.getOutputType());
        }
    }

    private void commented(List<Integer> path, String name) {
        var place = places.get(path);
        expect(place != null && !place.getLeadingComments().isBlank(), name, "has no comment above it");
    }

    private void named(String text, Pattern style, String name) {
        expect(style.matcher(text).matches(), name, "is not of the form " + style);
    }

    private void expect(boolean holds, String name, String fault) {
        if (!holds) {
            faults.add(name + " " + fault);
        }
    }

    private static List<Integer> path(int kind, int at) {
        return List.of(kind, at);
    }

    private static List<Integer> path(List<Integer> above, int kind, int at) {
        var path = new ArrayList<>(above);
        path.add(kind);
        path.add(at);
        return List.copyOf(path);
    }
}
