package io.millrace.engine.route;

import static io.millrace.engine.route.Country.come;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Sighting;
import io.millrace.engine.route.Country.Place;
import io.millrace.engine.write.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RoutedReadsTest {
    private static final Scope SCOPE = new Scope("s");
    private static final int PARTITION = SCOPE.partition(Country.PARTITIONS);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Country country = new Country();
    private final Country.Town a = country.town("a");
    private final Country.Town b = country.town("b");
    private final Country.Town c = country.town("c");
    private int ids;

    RoutedReadsTest() {
        country.links.healAll();
    }

    private void write(Country.Town at, Address address, String json) {
        ids++;
        at.reply(Mutation.of(address, new Mutation.Set(Json.ofText(json)), new MutationId("m-" + ids)));
    }

    private void fill(Country.Town at) {
        for (String key : List.of("d", "b", "a", "c")) {
            write(at, SCOPE.address(key), "{\"is\":\"" + key + "\"}");
        }
    }

    private <T> CompletableFuture<T> settled(CompletionStage<T> stage) {
        country.pass(Duration.ofMillis(50));
        return stage.toCompletableFuture();
    }

    private CompletableFuture<Current> get(Country.Town at, Address address) {
        return settled(at.reads.get(address, country.in(PATIENCE)));
    }

    private CompletableFuture<Cut> cut(Country.Town at) {
        return settled(at.reads.cut(SCOPE, country.in(PATIENCE)));
    }

    private CompletableFuture<Sighting> look(Country.Town at) {
        return settled(
                at.reads.cutOrCopy(SCOPE, SCOPE.prefix().first(), SCOPE.prefix().after(), country.in(PATIENCE)));
    }

    private List<Unit> units(Country.Town at, Space space) {
        return come(settled(at.reads.units(space, country.in(PATIENCE))));
    }

    private static List<String> names(Cut cut) {
        List<String> names = new ArrayList<>();
        cut.forEachRemaining(entry -> names.add(entry.name()));
        return names;
    }

    @Test
    void aValueIsReadWithItsVersionAndAMissingOneIsMissing() {
        b.ownsAll();
        Address address = SCOPE.address("k");
        write(a, address, "{\"n\":1.0}");

        assertThat(come(get(a, address))).isEqualTo(come(get(b, address))).isInstanceOf(Current.Present.class);
        assertThat(come(get(a, SCOPE.address("other")))).isEqualTo(Current.MISSING);
    }

    @Test
    void anAnswerOfAnEarlierOwnerIsNotBelieved() {
        b.ownsAll();
        Address address = SCOPE.address("k");
        write(a, address, "1");
        country.links.hold("b", "a");
        CompletableFuture<Current> read = get(a, address);

        c.ownsAll();
        country.settle();
        write(c, address, "2");
        country.links.release("b", "a");
        country.pass(Duration.ofMillis(100));

        assertThat(come(read)).isEqualTo(come(get(c, address)));
    }

    @Test
    void aSnapshotComesInChunksInOrderAndIsExactAsOfItsPosition() {
        MemoryLog.Copy store = b.owns(Space.STATE, PARTITION);
        fill(a);
        Cut cut = come(cut(a));
        assertThat(b.routing.openCuts()).isEqualTo(1);
        write(a, SCOPE.address("e"), "5");

        assertThat(names(cut)).containsExactly("a", "b", "c", "d");
        assertThat(cut.position().offset()).isEqualTo(4);
        assertThat(cut.position().partition()).isEqualTo(PARTITION);
        assertThat(b.routing.openCuts()).isZero();
        assertThat(store.open).isZero();
    }

    @Test
    void aSnapshotThatNobodyWantsTheRestOfIsGivenUp() {
        MemoryLog.Copy store = b.owns(Space.STATE, PARTITION);
        fill(a);
        Cut closed = come(cut(a));
        closed.next();
        closed.close();
        country.settle();
        assertThat(b.routing.openCuts()).isZero();

        Cut forgotten = come(cut(a));
        forgotten.next();
        country.pass(Duration.ofSeconds(25));
        assertThat(b.routing.openCuts()).isEqualTo(1);
        country.pass(Duration.ofSeconds(20));
        assertThat(b.routing.openCuts()).isZero();
        assertThat(catchThrowable(() -> names(forgotten))).isInstanceOf(UnavailableException.class);

        Cut lost = come(cut(a));
        lost.next();
        country.links.cut("a", "b");
        assertThat(b.routing.openCuts()).isZero();
        assertThat(catchThrowable(() -> names(lost))).isInstanceOf(UnavailableException.class);
        assertThat(store.open).isZero();
    }

    @Test
    void aSnapshotThatComesTooLateIsGivenUp() {
        MemoryLog.Copy store = b.owns(Space.STATE, PARTITION);
        fill(a);
        country.links.hold("b", "a");
        CompletableFuture<Cut> late = cut(a);
        c.owns(Space.STATE, PARTITION);
        country.pass(Duration.ofMillis(200));
        assertThat(names(come(late))).containsExactly("a", "b", "c", "d");

        country.links.release("b", "a");
        country.settle();

        assertThat(b.routing.openCuts()).isZero();
        assertThat(store.open).isZero();
    }

    @Test
    void unitsAreListedWhoeverOwnsTheirPartitions() {
        a.owns(Space.STATE, 0);
        b.owns(Space.STATE, 1);
        c.owns(Space.STREAM, 0);
        b.owns(Space.STREAM, 1);
        country.settle();
        List<Unit> scopes = new ArrayList<>();
        List<Unit> groups = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            write(a, new StateAddress("scope \"" + i, "k"), "1");
            scopes.add(new Scope("scope \"" + i));
            write(c, new StreamAddress("stream", "group" + i, "item"), "1");
            groups.add(new Group("stream", "group" + i));
        }

        for (Country.Town town : List.of(a, b, c)) {
            assertThat(units(town, Space.STATE)).containsExactlyInAnyOrderElementsOf(scopes);
            assertThat(units(town, Space.STREAM)).containsExactlyInAnyOrderElementsOf(groups);
        }
        assertThat(b.routing.openCuts() + c.routing.openCuts()).isZero();
    }

    @Test
    void whoTakesOlderAnswersStillGetsTheOwnersWhileItAnswers() {
        b.ownsAll();
        fill(a);
        copy(a, 2, 0);

        Sighting sighting = come(look(a));

        assertThat(sighting.stale()).isFalse();
        assertThat(sighting.ageMs()).isZero();
        assertThat(names(sighting.cut())).hasSize(4);
    }

    @Test
    void aCurrentCopyOfThisNodeAnswersWhenTheOwnerDoesNotWithoutOthersBeingAsked() {
        b.ownsAll();
        fill(a);
        country.links.cut("a", "b");
        copy(c, 5, country.time.instant().toEpochMilli());
        copy(a, 3, country.time.instant().toEpochMilli());
        country.links.hold("a", "c");

        CompletableFuture<Sighting> looked = look(a);
        country.pass(Duration.ofMillis(400));
        assertThat(looked).isNotDone();
        country.pass(Duration.ofMillis(300));

        Sighting sighting = come(looked);
        assertThat(sighting.stale()).isTrue();
        assertThat(sighting.ageMs()).isBetween(500L, 700L);
        assertThat(sighting.cut().position().offset()).isEqualTo(2);
        assertThat(names(sighting.cut())).containsExactly("b", "d");
        assertThat(country.links.waiting("a", "c")).isZero();
    }

    @Test
    void ofOlderCopiesTheOneThatIsFurthestOnAnswers() {
        b.ownsAll();
        fill(a);
        country.links.cut("a", "b");
        copy(a, 2, 0);
        copy(c, 4, country.time.instant().toEpochMilli() - 1_000);

        CompletableFuture<Sighting> looked = look(a);
        country.pass(Duration.ofMillis(700));

        Sighting sighting = come(looked);
        assertThat(sighting.stale()).isTrue();
        assertThat(sighting.cut().position().offset()).isEqualTo(3);
        assertThat(sighting.ageMs()).isGreaterThanOrEqualTo(1_000);
        assertThat(names(sighting.cut())).containsExactly("a", "b", "d");
        assertThat(c.routing.openCuts()).isZero();
    }

    @Test
    void aNodeThatDoesNotSayHowFarItsCopyIsHoldsUpNobodyForLong() {
        b.ownsAll();
        fill(a);
        country.links.cut("a", "b");
        copy(a, 2, 0);
        country.links.hold("a", "c");

        CompletableFuture<Sighting> looked = look(a);
        country.pass(Duration.ofMillis(1_200));

        Sighting sighting = come(looked);
        assertThat(sighting.ageMs()).isNull();
        assertThat(names(sighting.cut())).containsExactly("d");
    }

    @Test
    void whereThereIsNoCopyTheOwnerIsWaitedFor() {
        b.ownsAll();
        fill(a);
        country.links.cut("a", "b");
        CompletableFuture<Sighting> looked = look(a);
        country.pass(Duration.ofSeconds(2));
        assertThat(looked).isNotDone();

        country.links.heal("a", "b");
        country.pass(Duration.ofSeconds(1));

        assertThat(come(looked).stale()).isFalse();
    }

    /** Gives a node a copy that has so many records. */
    private void copy(Country.Town at, long records, long currentMs) {
        MemoryLog.Copy store = country.log(Space.STATE, PARTITION).before(records);
        at.copies.put(new Place(Space.STATE, PARTITION), new Replicas.Replica(store, currentMs));
    }
}
