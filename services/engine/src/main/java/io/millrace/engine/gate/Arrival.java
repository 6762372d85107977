package io.millrace.engine.gate;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request to open a socket.
 *
 * @param headers by lower-case name, in the order they came
 * @param path as it was sent
 * @param queryParams the values of each name, as they were sent: not percent-decoded
 * @param addr of the peer, {@code ip:port}
 */
public record Arrival(Map<String, String> headers, String path, Map<String, List<String>> queryParams, String addr) {
    /** Copies what is mutable, in its order. */
    public Arrival {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        Map<String, List<String>> copied = new LinkedHashMap<>();
        queryParams.forEach((name, values) -> copied.put(name, List.copyOf(values)));
        queryParams = Collections.unmodifiableMap(copied);
    }

    /**
     * Reads a query. A name without {@code =} has one empty value; parameters without a name are left out.
     *
     * @param text what follows the question mark
     */
    public static Map<String, List<String>> query(String text) {
        Map<String, List<String>> params = new LinkedHashMap<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (!name.isEmpty()) {
                params.computeIfAbsent(name, any -> new ArrayList<>(1))
                        .add(equals < 0 ? "" : part.substring(equals + 1));
            }
        }
        return params;
    }

    /** What the auth function is called with. */
    public Json payload() {
        JsonText text = new JsonText().raw("{\"headers\":{");
        String separator = "";
        for (var header : headers.entrySet()) {
            text.raw(separator).quoted(header.getKey()).raw(":").quoted(header.getValue());
            separator = ",";
        }
        text.raw("},\"path\":").quoted(path).raw(",\"query_params\":{");
        separator = "";
        for (var param : queryParams.entrySet()) {
            text.raw(separator).quoted(param.getKey()).raw(":[");
            String comma = "";
            for (String value : param.getValue()) {
                text.raw(comma).quoted(value);
                comma = ",";
            }
            text.raw("]");
            separator = ",";
        }
        return text.raw("},\"addr\":").quoted(addr).raw("}").toJson();
    }
}
