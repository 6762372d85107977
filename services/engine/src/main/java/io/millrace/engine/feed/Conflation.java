package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Leaves out what is not the newest of its item, or of its type of event. */
final class Conflation {
    private Conflation() {}

    /** The newest ones, in order. */
    static List<Delivery> newest(List<Delivery> deliveries) {
        if (deliveries.size() < 2) {
            return deliveries;
        }
        Set<Subject> seen = new HashSet<>();
        List<Delivery> kept = new ArrayList<>();
        for (Delivery delivery : deliveries.reversed()) {
            if (seen.add(subject(delivery))) {
                kept.add(delivery);
            }
        }
        Collections.reverse(kept);
        return kept;
    }

    private static Subject subject(Delivery delivery) {
        return new Subject(delivery.itemId(), delivery.isEvent() ? eventType(delivery.frame()) : null);
    }

    /** The sender's type of an event; null for the change of an item that somebody else keeps. */
    private static @Nullable String eventType(Json frame) {
        Json event = member(frame, "event");
        Json sent = event == null ? null : member(event, "event");
        Json type = sent == null ? null : member(sent, "type");
        return type == null ? null : type.toString();
    }

    private static @Nullable Json member(Json object, String name) {
        JsonSpans fields = new JsonSpans(object.utf8());
        while (fields.next()) {
            if (fields.named(name)) {
                return fields.json();
            }
        }
        return null;
    }

    /** What a frame is about. */
    private record Subject(
            @Nullable String itemId, @Nullable String eventType) {}
}
