package io.seawall.node.http.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.Explanation.Transition;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.MetaRecord.Status;
import java.io.IOException;
import java.util.Optional;

/** Writes why a log is where it is. */
final class ExplanationJson {
    private ExplanationJson() {}

    /**
     * Writes an explanation.
     *
     * @param view the view of the node that explains, which says who it is and whether it coordinates
     */
    static void write(JsonGenerator json, Explanation explanation, ClusterView view) throws IOException {
        var log = LogFacts.of(explanation.assignment(), view.state());
        var pchannel = explanation.assignment().pchannel();
        json.writeStartObject();
        json.writeFieldName("log");
        ClusterJson.writeLog(json, log);
        json.writeNumberField("failures", explanation.failures());
        ClusterJson.text(json, "waits", explanation.waits().orElse(""));
        ClusterJson.optional(json, "report", explanation.report(), ExplanationJson::writeReport);
        ClusterJson.array(json, "rivals", explanation.rivals(), ExplanationJson::writeReport);
        ClusterJson.writeOrders(json, pchannel, view);
        ClusterJson.array(json, "transitions", explanation.transitions(), ExplanationJson::writeTransition);
        json.writeStringField("explainedBy", view.self().node());
        json.writeBooleanField("coordinates", view.leading());
        json.writeEndObject();
    }

    private static void writeReport(JsonGenerator json, Status status) throws IOException {
        json.writeStartObject();
        json.writeStringField("incarnation", status.incarnation());
        json.writeNumberField("term", status.term());
        json.writeStringField("condition", ClusterJson.text(status.condition()));
        ClusterJson.text(json, "code", status.code());
        ClusterJson.text(json, "message", status.message());
        if (status.seenTerm() < 0) {
            json.writeNullField("seenTerm");
        } else {
            json.writeNumberField("seenTerm", status.seenTerm());
        }
        ClusterJson.text(json, "rival", status.rival());
        json.writeNumberField("servedMs", status.servedMs());
        ClusterJson.time(json, "at", Optional.of(status.at()));
        json.writeEndObject();
    }

    private static void writeTransition(JsonGenerator json, Transition transition) throws IOException {
        json.writeStartObject();
        ClusterJson.time(json, "at", Optional.of(transition.at()));
        json.writeStringField("what", transition.what());
        ClusterJson.text(json, "node", transition.node());
        json.writeNumberField("term", transition.term());
        ClusterJson.text(json, "text", transition.text());
        if (transition.lasted().isPresent()) {
            json.writeNumberField("lastedMs", transition.lasted().get().toMillis());
        } else {
            json.writeNullField("lastedMs");
        }
        json.writeEndObject();
    }
}
