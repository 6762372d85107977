package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.engine.gate.Visit;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DepartedTest {
    private static final Visit ONE = House.visit(1, "one");
    private static final Visit TWO = new Visit(2, "two", House.GROUP, "item", null);

    private final House house = new House();

    private void joinAndDie() {
        house.join(ONE);
        house.join(TWO);
        house.settle();
        house.restart();
        house.settle();
    }

    @Test
    void thoseWhoWereThereWhenTheNodeDiedLeaveAsSoonAsSomebodyCares() {
        joinAndDie();
        assertThat(house.told).isEmpty();
        assertThat(house.presence().pending()).isEqualTo(2);
        house.bind("f");
        house.pass(Duration.ofSeconds(1));
        assertThat(house.told).containsExactlyInAnyOrder(House.told("f", ONE), House.told("f", TWO));
        assertThat(house.toldAfterCrash).isEqualTo(2);
        assertThat(house.presence().pending()).isZero();
    }

    @Test
    void whatHasBeenToldIsNotToldAgainByTheNextLife() {
        joinAndDie();
        house.bind("f");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.log.kept()).isEmpty();
        house.restart();
        house.bind("f");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).hasSize(2);
    }

    @Test
    void aTriggerThatComesALittleLaterIsToldToo() {
        joinAndDie();
        house.bind("f");
        house.pass(Duration.ofSeconds(5));
        house.bind("g");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told)
                .containsExactlyInAnyOrder(
                        House.told("f", ONE), House.told("f", TWO), House.told("g", ONE), House.told("g", TWO));
        assertThat(house.toldAfterCrash).isEqualTo(2);
    }

    @Test
    void onlyTriggersThatCareForTheStreamAreTold() {
        joinAndDie();
        house.bind("f", "{\"stream_name\":\"other\"}");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).isEmpty();
        house.bind("g", "{\"stream_name\":\"room\"}");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).containsExactlyInAnyOrder(House.told("g", ONE), House.told("g", TWO));
    }

    @Test
    void aFunctionThatFailsIsTriedUntilItTakesTheLeave() {
        joinAndDie();
        house.failing.add("f");
        house.bind("f");
        house.pass(Duration.ofHours(1));
        assertThat(house.told).isEmpty();
        assertThat(house.log.kept()).hasSize(2);
        house.failing.clear();
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).hasSize(2);
    }

    @Test
    void aFunctionThatFailsIsLeftAloneForLongerAndLonger() {
        joinAndDie();
        house.failing.add("f");
        house.bind("f");
        house.bind("g");
        house.pass(Duration.ofHours(1));
        assertThat(house.failed).isBetween(2 * 60, 2 * 80);
    }

    @Test
    void oneTriggerThatFailsDoesNotKeepTheLeaveFromTheOthersNorIsItForgotten() {
        joinAndDie();
        house.failing.add("f");
        house.bind("f");
        house.bind("g");
        house.pass(Duration.ofHours(1));
        assertThat(house.told).containsExactlyInAnyOrder(House.told("g", ONE), House.told("g", TWO));
        house.failing.clear();
        house.pass(Duration.ofMinutes(2));
        assertThat(house.told).hasSize(4);
        assertThat(house.log.kept()).isEmpty();
    }

    @Test
    void aLeaveNobodyCaresForIsForgottenInTheEnd() {
        joinAndDie();
        house.pass(Duration.ofHours(23));
        assertThat(house.log.kept()).hasSize(2);
        house.pass(Duration.ofHours(1));
        assertThat(house.log.kept()).isEmpty();
        assertThat(house.forgotten).isEqualTo(2);
        house.bind("f");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).isEmpty();
    }

    @Test
    void theirTimeRunsFromTheirOwnDeathHoweverOftenTheNodeIsStarted() {
        joinAndDie();
        for (int i = 0; i < 25; i++) {
            house.pass(Duration.ofHours(1));
            house.restart();
        }
        house.settle();
        assertThat(house.log.kept()).isEmpty();
        assertThat(house.forgotten).isEqualTo(2);
        house.restart();
        house.settle();
        assertThat(house.log.lines.stream().filter(line -> line.value() == null).count())
                .as("starts that nobody needs any more are taken out too")
                .isGreaterThan(25);
    }

    @Test
    void whoIsAliveIsNotTold() {
        joinAndDie();
        house.join(House.visit(1, "one"));
        house.settle();
        house.bind("f", "{\"stream_name\":\"room\"}");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).hasSize(2);
        assertThat(house.log.kept()).hasSize(1);
        assertThat(house.presence().entries()).isEqualTo(1);
    }

    @Test
    void kafkaThatIsAwayAtTheStartIsAskedAgain() {
        house.join(ONE);
        house.settle();
        house.log.away = true;
        house.restart();
        house.bind("f");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).isEmpty();
        house.log.away = false;
        house.settle();
        assertThat(house.told).containsExactly(House.told("f", ONE));
    }

    @Test
    void aLeaveThatNobodyTakesWhileTheNodeStopsIsToldAfterwards() {
        house.bind("f");
        house.join(ONE);
        house.join(new Visit(3, "three", new Group("unwatched", "a"), null, null));
        house.settle();
        house.workerGone("f");
        house.bind("h", "{\"stream_name\":\"never\"}");
        house.presence().stopping();
        house.leave(ONE);
        house.settle();
        house.restart();
        house.bind("f");
        house.settle();
        assertThat(house.told).contains(House.told("f", ONE));
    }

    @Test
    void aLeaveThatIsTakenWhileTheNodeStopsIsToldOnce() {
        house.bind("f");
        house.join(ONE);
        house.settle();
        house.presence().stopping();
        house.leave(ONE);
        CompletionStage<?> settled = house.presence().settled();
        assertThat(settled.toCompletableFuture()).isNotDone();
        house.settle();
        assertThat(settled.toCompletableFuture()).isDone();
        house.restart();
        house.bind("f");
        house.pass(Duration.ofMinutes(1));
        assertThat(house.told).containsExactly(House.told("f", ONE));
    }

    @Test
    void moreThanThereIsRoomForAreToldAllTheSame() {
        int crowd = Legacy.MOST + 500;
        for (int i = 1; i <= crowd; i++) {
            house.join(House.visit(i, "s"));
            if (i % 10_000 == 0) {
                house.settle();
            }
        }
        house.settle();
        house.restart();
        house.settle();
        assertThat(house.presence().pending()).isEqualTo(Legacy.MOST / 2);
        house.bind("f");
        house.pass(Duration.ofMinutes(10));
        assertThat(house.told).hasSize(crowd).doesNotHaveDuplicates();
        assertThat(house.log.kept()).isEmpty();
    }
}
