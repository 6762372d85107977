package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.gate.Visit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SurvivorsTest {
    private static final Visit ONE = House.visit(1, "one");
    private static final Visit TWO = House.visit(2, "two");
    private static final Visit MORE = House.visit(3, "more");

    private final Street street = new Street("a", "b", "c");

    private Street.Site died() {
        street.at("c").join(ONE);
        street.at("c").join(TWO);
        street.at("b").join(MORE);
        street.settle();
        return street.die("c");
    }

    @Test
    void theChosenOneTellsTheLeavesOfTheDead() {
        street.at("a").bind();
        Street.Site dead = died();
        street.settle();
        assertThat(street.told).isEmpty();
        street.noticed("a", dead);
        street.settle();
        assertThat(street.told).containsExactlyInAnyOrder(Street.told(ONE), Street.told(TWO));
        street.pass(Duration.ofMinutes(1));
        assertThat(street.log.kept()).hasSize(1);
        street.noticed("a", dead);
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).hasSize(2);
    }

    @Test
    void theDeadThatComeBackLeaveItToWhoeverHasBegun() {
        street.at("a").bind();
        Street.Site dead = died();
        street.noticed("a", dead);
        street.pass(Duration.ofSeconds(1));
        assertThat(street.told).hasSize(2);
        street.begin("c").bind();
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).hasSize(2);
        assertThat(street.log.kept()).hasSize(1);
    }

    @Test
    void theDeadThatAreBackBeforeAnybodyWasChosenTellThemselves() {
        street.at("a").bind();
        Street.Site dead = died();
        street.begin("c").bind();
        street.noticed("a", dead);
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactlyInAnyOrder(Street.told(ONE), Street.told(TWO));
        assertThat(street.log.kept()).hasSize(1);
    }

    @Test
    void aTellerThatDiesIsSucceededForItsOwnAndForWhatItHadNotFinished() {
        street.at("a").bind();
        street.at("b").bind();
        Street.Site dead = died();
        street.failing = true;
        street.noticed("b", dead);
        street.settle();
        street.begin("c").bind();
        street.settle();
        Street.Site teller = street.die("b");
        street.failing = false;
        street.settle();
        assertThat(street.told).as("it was left to the teller").isEmpty();
        street.noticed("a", teller);
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactlyInAnyOrder(Street.told(ONE), Street.told(TWO), Street.told(MORE));
        assertThat(street.log.kept()).isEmpty();
    }

    @Test
    void aTellerThatComesBackGoesOn() {
        street.at("b").bind();
        Street.Site dead = died();
        street.failing = true;
        street.noticed("b", dead);
        street.settle();
        street.die("b");
        street.failing = false;
        street.begin("b").bind();
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactlyInAnyOrder(Street.told(ONE), Street.told(TWO), Street.told(MORE));
        assertThat(street.log.kept()).isEmpty();
    }

    @Test
    void whoIsLongGoneIsFoundInTheLog() {
        died();
        street.die("b");
        street.die("a");
        street.pass(Duration.ofHours(1));
        Street.Site last = street.begin("d");
        last.bind();
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).isEmpty();
        last.presence.lookForGone();
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactlyInAnyOrder(Street.told(ONE), Street.told(TWO), Street.told(MORE));
        assertThat(street.log.kept()).isEmpty();
    }

    @Test
    void lookingForGoneFindsNobodyWhoIsThere() {
        street.at("a").bind();
        street.at("c").join(ONE);
        street.settle();
        street.at("a").presence.lookForGone();
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).isEmpty();
        assertThat(street.log.kept()).hasSize(1);
    }

    @Test
    void aNodeThatWasOnlyThoughtDeadWritesDownAgainWhoIsThere() {
        street.at("a").bind();
        street.at("c").join(ONE);
        street.settle();
        Street.Site frozen = street.at("c");
        street.links.cut("a", "c");
        street.noticed("a", frozen);
        street.settle();
        assertThat(street.told).containsExactly(Street.told(ONE));
        street.pass(Duration.ofMinutes(1));
        assertThat(street.log.kept()).isEmpty();

        street.noticed("a", frozen);
        street.links.heal("a", "c");
        frozen.presence.wasThoughtDead();
        street.settle();
        assertThat(street.log.kept()).hasSize(1);
        frozen.join(TWO);
        street.pass(Duration.ofMinutes(1));
        assertThat(street.log.kept()).hasSize(2);
        assertThat(street.told).hasSize(1);
        street.die("c");
        street.noticed("a", frozen);
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).hasSize(3).contains(Street.told(TWO));
    }

    @Test
    void aTellerThatIsConnectedAgainToTheDeadStopsAndSaysSo() {
        street.at("a").bind();
        street.at("c").join(ONE);
        street.at("c").join(TWO);
        street.settle();
        Street.Site frozen = street.at("c");
        street.links.cut("a", "c");
        street.failing = true;
        street.noticed("a", frozen);
        street.pass(Duration.ofSeconds(1));
        street.links.heal("a", "c");
        street.failing = false;
        street.pass(Duration.ofMinutes(2));
        assertThat(street.told).isEmpty();
        assertThat(street.log.kept()).hasSize(2);
    }

    @Test
    void aNodeThatIsHeardOfAgainBeforeItConnectsIsToldWhenItDoes() {
        street.at("a").bind();
        street.at("c").join(ONE);
        street.settle();
        Street.Site frozen = street.at("c");
        street.links.cut("a", "c");
        street.noticed("a", frozen);
        street.pass(Duration.ofMillis(500));
        assertThat(street.told).hasSize(1);
        street.thereAgain("a", frozen);
        street.pass(Duration.ofMinutes(1));
        street.links.heal("a", "c");
        street.pass(Duration.ofMinutes(1));
        assertThat(street.log.kept()).hasSize(1);
        assertThat(street.told).hasSize(1);
    }

    @Test
    void aLeaveThatFailsIsTriedAgain() {
        street.at("a").bind();
        street.at("a").join(ONE);
        street.settle();
        street.failing = true;
        street.at("a").leave(ONE);
        street.pass(Duration.ofSeconds(10));
        assertThat(street.at("a").presence.pending()).isEqualTo(1);
        assertThat(street.log.kept()).hasSize(1);
        street.failing = false;
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactly(Street.told(ONE));
        assertThat(street.log.kept()).isEmpty();
    }

    @Test
    void aLeaveWhileTheWorkerIsAwayIsToldWhenItIsBack() {
        street.at("a").bind();
        street.at("a").join(ONE);
        street.settle();
        street.at("a").workerGone();
        street.at("a").leave(ONE);
        street.pass(Duration.ofMinutes(5));
        street.at("a").bind();
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactly(Street.told(ONE));
        assertThat(street.log.kept()).isEmpty();
    }

    @Test
    void aNodeThatDiesWithALeaveStillToBeToldIsSucceededForThatToo() {
        street.at("a").bind();
        street.at("c").bind();
        street.at("c").join(ONE);
        street.settle();
        street.failing = true;
        street.at("c").leave(ONE);
        street.pass(Duration.ofSeconds(10));
        Street.Site dead = street.die("c");
        street.failing = false;
        street.noticed("a", dead);
        street.pass(Duration.ofMinutes(1));
        assertThat(street.told).containsExactly(Street.told(ONE));
        assertThat(street.log.kept()).isEmpty();
    }
}
