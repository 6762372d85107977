package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import java.util.List;

/** Changes a few items of a few groups, and sends events that know what came before. */
final class Writer {
    static final List<Group> GROUPS =
            List.of(new Group("s", "a"), new Group("s", "b"), new Group("t", "a"), new Group("t", ""));

    private final World world;
    private int written;

    Writer(World world) {
        this.world = world;
    }

    /** Mostly the same, so that many meet there. */
    Group anyGroup() {
        return GROUPS.get(Math.min(world.random.nextInt(GROUPS.size()), world.random.nextInt(GROUPS.size())));
    }

    String anyItem() {
        return "i" + world.random.nextInt(3);
    }

    void write(Group group) {
        String item = anyItem();
        int number = ++written;
        switch (world.random.nextInt(6)) {
            case 0 -> world.delete(group, item);
            case 1, 2 -> {
                long after = world.partition(group).lastChange - world.random.nextInt(3);
                world.send(
                        group,
                        world.random.nextBoolean() ? null : item,
                        "e" + world.random.nextInt(3),
                        Json.ofText(Integer.toString(number)),
                        Math.max(-1, after));
            }
            default -> world.set(group, item, "{\"id\":\"" + item + "\",\"n\":" + number + "}");
        }
    }
}
