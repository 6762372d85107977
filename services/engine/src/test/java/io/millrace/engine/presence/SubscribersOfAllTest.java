package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.gate.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SubscribersOfAllTest {
    private static final String ROOM = "{\"stream_name\":\"room\",\"group_id\":\"a\"";

    private final Street street = new Street("a", "b", "c");

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.path("subscribers")
                .forEach(one -> ids.add(one.path("node").asString() + " "
                        + one.path("subscription_id").asString()));
        return ids;
    }

    /** All pages from one node after another, with something done in between. */
    private List<String> pages(int limit, int expectedCount, Consumer<Integer> between) {
        List<String> all = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            String asked = street.there().get(pages % street.there().size());
            JsonNode page = street.at(asked).list(ROOM + ",\"limit\":" + limit + cursor + "}");
            assertThat(page.path("count").asInt()).isEqualTo(expectedCount);
            assertThat(page.path("subscribers").size()).isLessThanOrEqualTo(limit);
            all.addAll(ids(page));
            cursor = page.has("cursor") ? ",\"cursor\":" + page.path("cursor") : "";
            between.accept(++pages);
        } while (!cursor.isEmpty());
        return all;
    }

    @Test
    void everyNodeKnowsTheSubscribersOfAllAndWhereTheyAre() {
        street.at("b").join(House.visit(1, "x"));
        street.at("c").join(House.visit(1, "x"));
        street.at("c").join(new Visit(2, "one", House.GROUP, "item", null));
        for (String node : street.there()) {
            JsonNode page = street.at(node).list(ROOM + "}");
            assertThat(ids(page)).containsExactly("b x", "c x", "c one");
            assertThat(page.path("count").asInt()).isEqualTo(3);
            assertThat(page.has("cursor") || page.has("missing")).isFalse();
            assertThat(page.path("subscribers").path(0))
                    .hasToString("{\"subscription_id\":\"x\","
                            + "\"stream_name\":\"room\",\"group_id\":\"a\",\"id\":null,\"context\":{\"user\":1},"
                            + "\"node\":\"b\",\"since\":1700000000030}");
        }
        assertThat(ids(street.at("a").list(ROOM + ",\"item_id\":\"item\"}"))).containsExactly("c one");
    }

    @Test
    void pagesGiveEverybodyOnceWhicheverNodeIsAskedForEach() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 1; i <= 40; i++) {
            street.at(street.there().get(random.nextInt(3))).join(House.visit(i, "s" + i));
        }
        for (int limit : new int[] {1, 3, 7, 39, 40, 41}) {
            List<String> all = pages(limit, 40, page -> {});
            assertThat(all).hasSize(40).doesNotHaveDuplicates();
        }
    }

    @Test
    void aNodeThatBeginsAnewAmidThePagesIsListedFromItsBeginning() {
        for (int i = 1; i <= 3; i++) {
            street.at("a").join(House.visit(i, "s" + i));
            street.at("b").join(House.visit(i, "s" + i));
        }
        List<String> all = pages(5, 6, page -> {
            if (page == 1) {
                street.die("b");
                Street.Site again = street.begin("b");
                for (int i = 4; i <= 6; i++) {
                    again.join(House.visit(i, "s" + i));
                }
            }
        });
        assertThat(all).containsExactly("a s1", "a s2", "a s3", "b s1", "b s2", "b s4", "b s5", "b s6");
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamed() {
        street.at("a").join(House.visit(1, "x"));
        street.at("b").join(House.visit(1, "x"));
        street.at("c").join(House.visit(1, "x"));
        street.links.drop("a", "b", true);
        JsonNode page = street.at("a").list(ROOM + "}");
        assertThat(ids(page)).containsExactly("a x", "c x");
        assertThat(page.path("count").asInt()).isEqualTo(2);
        assertThat(page.path("missing")).hasToString("[\"b\"]");
        street.links.cut("a", "c");
        assertThat(street.at("a").list(ROOM + "}").path("missing")).hasToString("[\"b\",\"c\"]");
    }

    @Test
    void aCursorThatIsNoneIsRefused() {
        for (String cursor : List.of("h", "", "-", "1-!-b", "1--b")) {
            assertThatThrownBy(() -> street.at("a").list(ROOM + ",\"cursor\":\"" + cursor + "\"}"))
                    .as(cursor)
                    .hasMessageContaining("expected the cursor of an earlier page");
        }
    }
}
