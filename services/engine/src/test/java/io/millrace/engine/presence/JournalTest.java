package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.gate.Visit;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class JournalTest {
    private final House house = new House();

    private int lines() {
        return house.log.lines.size();
    }

    @Test
    void aSubscriptionIsWrittenWithWhatItsLeaveNeedsAndTakenOutWithIt() {
        house.join(House.visit(1, "s"));
        house.pass(Journal.TICK);
        assertThat(house.log.kept()).hasSize(1);
        house.log.kept().forEach((key, value) -> {
            assertThat(key).hasToString("{\"node\":\"node-1\",\"start\":1700000000000,\"number\":1}");
            assertThat(value)
                    .hasToString("{\"subscription_id\":\"s\",\"stream_name\":\"room\",\"group_id\":\"a\",\"id\":null,"
                            + "\"context\":{\"user\":1},\"node\":\"node-1\",\"since\":1700000000000}");
        });
        house.leave(House.visit(1, "s"));
        house.settle();
        assertThat(house.log.kept()).isEmpty();
    }

    @Test
    void whoComesAndGoesWithinAMomentLeavesNoTrace() {
        int before = lines();
        house.join(House.visit(1, "s"));
        house.leave(House.visit(1, "s"));
        house.settle();
        assertThat(lines()).isEqualTo(before);
    }

    @Test
    void oneThatIsReplacedIsTakenOutAndTheOtherKept() {
        house.join(House.visit(1, "s"));
        house.pass(Journal.TICK);
        house.join(new Visit(1, "s", House.GROUP, "i", null));
        house.settle();
        assertThat(house.log.kept().values())
                .singleElement()
                .satisfies(
                        value -> assertThat(value.tree().path("id").asString()).isEqualTo("i"));
    }

    @Test
    void whatWasLostWhileKafkaWasAwayIsMadeGood() {
        house.join(House.visit(1, "stays"));
        house.join(House.visit(1, "goes"));
        house.settle();
        house.log.away = true;
        house.join(House.visit(1, "comes"));
        house.leave(House.visit(1, "goes"));
        house.pass(Duration.ofMinutes(1));
        assertThat(house.dropped).isPositive();
        CompletionStage<?> settled = house.presence().settled();
        assertThat(settled.toCompletableFuture()).isNotDone();
        house.log.away = false;
        house.settle();
        house.settle();
        assertThat(settled.toCompletableFuture()).isDone();
        assertThat(house.log.kept().values())
                .extracting(value -> value.tree().path("subscription_id").asString())
                .containsExactlyInAnyOrder("stays", "comes");
    }

    @Test
    void aCrowdThatIsMoreThanCanWaitIsWrittenInTheEnd() {
        house.log.away = true;
        int crowd = Journal.MOST_WAITING + 1_000;
        for (int i = 1; i <= crowd; i++) {
            house.join(House.visit(i, "s"));
        }
        assertThat(house.dropped).isEqualTo(1_000);
        house.log.away = false;
        house.pass(Duration.ofSeconds(30));
        assertThat(house.log.kept()).hasSize(crowd);
    }

    @Test
    void oneWithAnEnormousContextIsListedButNotKept() {
        Visit visit = new Visit(1, "s", House.GROUP, null, Json.ofText("\"" + "x".repeat(300_000) + "\""));
        house.join(visit);
        house.settle();
        assertThat(house.log.kept()).isEmpty();
        assertThat(house.tooLarge).isEqualTo(1);
        assertThat(house.presence().entries()).isEqualTo(1);
        house.leave(visit);
        house.settle();
        assertThat(house.presence().entries()).isZero();
    }
}
