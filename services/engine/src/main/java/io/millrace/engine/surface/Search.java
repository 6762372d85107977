package io.millrace.engine.surface;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody looks for in a listing.
 *
 * @param words found anywhere in an id or a description, whatever the case; null for everything
 * @param prefix what the id begins with; null for everything
 * @param workers names or ids of workers; empty for all
 * @param internal whether what is internal is wanted, too
 */
record Search(@Nullable String words, @Nullable String prefix, List<String> workers, boolean internal) {
    /** What {@link #of} reads. */
    static final String[] FIELDS = {"search?", "prefix?", "worker?", "workers?:strings", "include_internal?:boolean"};

    static Search of(Arguments arguments) {
        String words = arguments.optionalText("search");
        List<String> workers = new ArrayList<>();
        String worker = arguments.optionalText("worker");
        if (worker != null) {
            workers.add(worker);
        }
        List<String> more = arguments.optionalTexts("workers");
        if (more != null) {
            workers.addAll(more);
        }
        return new Search(
                words == null ? null : words.toLowerCase(Locale.ROOT),
                arguments.optionalText("prefix"),
                List.copyOf(workers),
                arguments.flag("include_internal"));
    }

    boolean fits(String id, @Nullable String description) {
        return (prefix == null || id.startsWith(prefix)) && (words == null || has(id) || has(description));
    }

    boolean has(@Nullable String text) {
        return words == null || (text != null && text.toLowerCase(Locale.ROOT).contains(words));
    }

    boolean wantsWorker(String name, List<String> ids) {
        return workers.isEmpty() || workers.contains(name) || ids.stream().anyMatch(workers::contains);
    }
}
