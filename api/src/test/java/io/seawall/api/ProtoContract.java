package io.seawall.api;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What programs that were compiled with the protos rely on, one line for each thing: the fields with number, type and label, the
 * values of enums, the methods. Comments and the order of declarations are no part of it.
 */
final class ProtoContract {
    private ProtoContract() {}

    /** Returns the lines of some files, sorted. */
    static SortedSet<String> lines(Collection<FileDescriptorProto> files) {
        var lines = new TreeSet<String>();
        for (var file : files) {
            file.getMessageTypeList().forEach(message -> message(message, file.getPackage(), lines));
            file.getEnumTypeList().forEach(type -> enumeration(type, file.getPackage(), lines));
            for (var service : file.getServiceList()) {
                for (var method : service.getMethodList()) {
                    lines.add("rpc " + file.getPackage() + "." + service.getName() + "." + method.getName() + "("
                            + (method.getClientStreaming() ? "stream " : "") + type(method.getInputType())
                            + ") returns ("
                            + (method.getServerStreaming() ? "stream " : "") + type(method.getOutputType()) + ")");
                }
            }
        }
        return lines;
    }

    /** Returns the lines of the contract that do not hold any more. */
    static List<String> broken(Collection<String> contract, Collection<String> now) {
        var broken = new ArrayList<>(contract);
        broken.removeAll(now);
        return broken;
    }

    private static void message(DescriptorProto message, String scope, SortedSet<String> lines) {
        var name = scope + "." + message.getName();
        lines.add("message " + name);
        message.getFieldList().forEach(field -> lines.add(field(message, field, name)));
        message.getNestedTypeList().forEach(nested -> message(nested, name, lines));
        message.getEnumTypeList().forEach(type -> enumeration(type, name, lines));
    }

    private static String field(DescriptorProto message, FieldDescriptorProto field, String name) {
        var oneof = field.hasOneofIndex() && !field.getProto3Optional()
                ? " of " + message.getOneofDecl(field.getOneofIndex()).getName()
                : "";
        var label = field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED
                ? "repeated "
                : field.getProto3Optional() ? "optional " : "";
        var type = field.hasTypeName()
                ? type(field.getTypeName())
                : field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT);
        return "field " + name + "." + field.getName() + " = " + field.getNumber() + " " + label + type + oneof;
    }

    private static void enumeration(EnumDescriptorProto type, String scope, SortedSet<String> lines) {
        for (var value : type.getValueList()) {
            lines.add("value " + scope + "." + type.getName() + "." + value.getName() + " = " + value.getNumber());
        }
    }

    private static String type(String name) {
        return name.startsWith(".") ? name.substring(1) : name;
    }
}
