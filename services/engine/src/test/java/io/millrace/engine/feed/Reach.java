package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many bytes of frames some of our objects keep in memory, each counted once. */
final class Reach {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> left = new ArrayDeque<>();
    private long bytes;

    /** Whatever can be reached but outboxes and what surrounds the feeds. */
    static long bytesFrom(Iterable<?> roots) throws IllegalAccessException {
        Reach reach = new Reach();
        roots.forEach(reach::visit);
        while (!reach.left.isEmpty()) {
            reach.open(reach.left.remove());
        }
        return reach.bytes;
    }

    private void visit(@Nullable Object object) {
        if (object != null && !(object instanceof Enum) && seen.add(object)) {
            left.add(object);
        }
    }

    private void open(Object object) throws IllegalAccessException {
        switch (object) {
            case byte[] array -> bytes += array.length;
            case Json json -> visit(json.utf8());
            case Iterable<?> all -> all.forEach(this::visit);
            case Map<?, ?> map ->
                map.forEach((key, value) -> {
                    visit(key);
                    visit(value);
                });
            case Outbox ignored -> {}
            default -> fields(object);
        }
    }

    private void fields(Object object) throws IllegalAccessException {
        boolean ours = object.getClass().getPackageName().equals(Reach.class.getPackageName());
        boolean simulated = object instanceof World || object instanceof TaskQueue || object instanceof SimulatedTail;
        if (!ours || simulated || object instanceof SimulatedReads || object instanceof SimulatedHistory) {
            return;
        }
        for (Class<?> type = object.getClass(); type != Object.class && type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    visit(field.get(object));
                }
            }
        }
    }
}
