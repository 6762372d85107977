package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.gate.Visit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SubscribersTest {
    private static final String ROOM = "{\"stream_name\":\"room\",\"group_id\":\"a\"";

    private final House house = new House();

    private List<String> ids(String request) {
        List<String> ids = new ArrayList<>();
        house.list(request)
                .tree()
                .path("subscribers")
                .forEach(one -> ids.add(one.path("subscription_id").asString()));
        return ids;
    }

    @Test
    void whoHasJoinedIsListedUntilItLeaves() {
        house.join(House.visit(1, "s"));
        assertThat(house.list(ROOM + "}"))
                .hasToString("{\"subscribers\":[{\"subscription_id\":\"s\",\"stream_name\":\"room\",\"group_id\":\"a\","
                        + "\"id\":null,\"context\":{\"user\":1},\"node\":\"node-1\",\"since\":1700000000000}],"
                        + "\"count\":1}");
        house.leave(House.visit(1, "s"));
        assertThat(house.list(ROOM + "}")).hasToString("{\"subscribers\":[],\"count\":0}");
    }

    @Test
    void theSameIdOnAnotherSocketIsAnother() {
        house.join(House.visit(1, "s"));
        house.join(House.visit(2, "s"));
        house.leave(House.visit(1, "s"));
        assertThat(house.list(ROOM + "}").tree().path("count").asInt()).isEqualTo(1);
        assertThat(house.presence().entries()).isEqualTo(1);
    }

    @Test
    void whoJoinsAgainUnderTheSameIdIsWhereItJoinedLast() {
        house.join(House.visit(1, "s"));
        house.join(new Visit(1, "s", new Group("room", "b"), null, null));
        assertThat(ids(ROOM + "}")).isEmpty();
        assertThat(ids("{\"stream_name\":\"room\",\"group_id\":\"b\"}")).containsExactly("s");
    }

    @Test
    void whoFollowsAnItemIsFoundByIt() {
        house.join(House.visit(1, "all"));
        house.join(new Visit(1, "one", House.GROUP, "i", null));
        assertThat(ids(ROOM + "}")).containsExactly("all", "one");
        assertThat(ids(ROOM + ",\"item_id\":\"i\"}")).containsExactly("one");
        assertThat(house.list(ROOM + ",\"item_id\":\"other\"}")).hasToString("{\"subscribers\":[],\"count\":0}");
    }

    @Test
    void pagesGiveEverybodyOnce() {
        for (int i = 1; i <= 25; i++) {
            house.join(House.visit(i, "s" + i));
        }
        List<String> all = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            Json page = house.list(ROOM + ",\"limit\":10" + cursor + "}");
            JsonNode tree = page.tree();
            assertThat(tree.path("count").asInt()).isEqualTo(25);
            tree.path("subscribers")
                    .forEach(one -> all.add(one.path("subscription_id").asString()));
            cursor = tree.has("cursor") ? ",\"cursor\":" + tree.path("cursor") : "";
            pages++;
        } while (!cursor.isEmpty());
        assertThat(pages).isEqualTo(3);
        assertThat(all).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void aPageThatWouldBeTooLargeEndsBefore() {
        Json large = Json.ofText("\"" + "x".repeat(200_000) + "\"");
        for (int i = 1; i <= 8; i++) {
            house.join(new Visit(i, "s", House.GROUP, null, large));
        }
        JsonNode page = house.list(ROOM + "}").tree();
        assertThat(page.path("subscribers").size()).isEqualTo(5);
        assertThat(page.path("count").asInt()).isEqualTo(8);
        assertThat(page.has("cursor")).isTrue();
    }
}
