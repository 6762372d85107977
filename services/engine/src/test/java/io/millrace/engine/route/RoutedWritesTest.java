package io.millrace.engine.route;

import static io.millrace.engine.route.Country.come;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.value.Json;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.write.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoutedWritesTest {
    private static final StateAddress COUNTER = new StateAddress("counters", "one \"two\" é😀");
    private static final int PARTITION = Country.partition(COUNTER);

    private final Country country = new Country();
    private final Country.Town a = country.town("a");
    private final Country.Town b = country.town("b");
    private final Country.Town c = country.town("c");
    private int ids;

    RoutedWritesTest() {
        country.links.healAll();
    }

    private MutationId id() {
        ids++;
        return new MutationId("m-" + ids);
    }

    private Mutation set(Address address, String json) {
        return Mutation.of(address, new Mutation.Set(Json.ofText(json)), id());
    }

    private Mutation increment() {
        return Mutation.of(COUNTER, new Mutation.Update(List.of(new UpdateOp.Increment("n", 1))), id());
    }

    private static Json value(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Done.class);
        Json value = ((Reply.Done) reply).newValue();
        return value == null ? Json.ofText("\"missing\"") : value;
    }

    @Test
    void everyKindOfMutationIsAnsweredAsTheOwnerItselfWouldAnswer() {
        b.ownsAll();
        Address item = new StreamAddress("todo", "inbox", "1");
        List<UpdateOp> ops = List.of(
                new UpdateOp.Set("a", Json.ofText("{\"x\":1.50,\"y\":18446744073709551615}")),
                new UpdateOp.Merge(List.of("a", "b.c"), Json.ofText("{\"z\":[null,\"\\\"\"]}")),
                new UpdateOp.Append(List.of("log"), Json.ofText("\"one\"")),
                new UpdateOp.Increment("n", Long.MAX_VALUE),
                new UpdateOp.Decrement("n", Long.MIN_VALUE),
                new UpdateOp.Remove("gone"),
                new UpdateOp.Increment("a", 1));
        List<Mutation> mutations = List.of(
                set(item, "{\"v\":1.0}"),
                new Mutation(item, new Mutation.Set(Json.NULL), id(), Version.NONE, "00-trace"),
                Mutation.of(item, new Mutation.Update(ops), id()),
                Mutation.of(item, new Mutation.Update(List.of()), id()),
                Mutation.of(item, new Mutation.Delete(), id()),
                Mutation.of(item, new Mutation.Delete(), id()),
                set(item, "\"" + "x".repeat(1 << 20) + "\""));

        for (Mutation mutation : mutations) {
            Reply first = a.reply(mutation);
            if (first instanceof Reply.Done done && !done.version().equals(Version.NONE)) {
                assertThat(b.reply(mutation)).as("%s", mutation).isEqualTo(first);
                assertThat(c.reply(mutation)).as("%s", mutation).isEqualTo(first);
            }
        }
        assertThat(a.reply(new Mutation(item, new Mutation.Delete(), id(), new Version(7), null)))
                .isEqualTo(new Reply.VersionConflict(Version.NONE));
        assertThat(a.reply(set(item, "\"" + "x".repeat(1 << 20) + "\"")))
                .isEqualTo(new Reply.ValueTooLarge((1 << 20) + 2, 1 << 20));
    }

    @Test
    void aMutationIsReadBetweenNodesAsItWasWritten() {
        List<UpdateOp> ops = List.of(
                new UpdateOp.Set("", Json.ofText("[1.10]")),
                new UpdateOp.Merge(List.of(), Json.ofText("{}")),
                new UpdateOp.Append(List.of("p", "q"), Json.ofText("1")),
                new UpdateOp.Remove(""));
        Mutation update = new Mutation(COUNTER, new Mutation.Update(ops), id(), new Version(3), "00-\"trace\"");

        assertThat(MutationText.read(MutationText.write(update))).isEqualTo(update);
    }

    @Test
    void whatTheOwnerHasAcknowledgedIsKnownToBeCommittedWhereItWasAsked() {
        b.ownsAll();
        assertThat(a.writes.committed(COUNTER.unit())).isEqualTo(-1);

        a.reply(increment());

        assertThat(a.writes.committed(COUNTER.unit()))
                .isEqualTo(country.log(Space.STATE, PARTITION).end() - 1)
                .isEqualTo(b.writes.committed(COUNTER.unit()));
    }

    @Test
    void aReplyThatIsLostWithTheConnectionIsGivenAgainAndTheIncrementCountsOnce() {
        b.ownsAll();
        country.settle();
        country.links.hold("b", "a");
        CompletableFuture<Reply> answer = a.submit(increment());
        country.settle();
        assertThat(country.links.waiting("b", "a")).isEqualTo(1);

        country.links.cut("a", "b");
        country.links.release("b", "a");
        country.links.heal("a", "b");
        country.pass(Duration.ofMillis(100));

        assertThat(value(come(answer))).hasToString("{\"n\":1}");
        assertThat(value(a.reply(increment()))).hasToString("{\"n\":2}");
    }

    @Test
    void withoutAnOwnerCallersWaitForOneUntilTheirDeadline() {
        CompletableFuture<Reply> early = a.submit(increment());
        country.pass(Duration.ofSeconds(2));
        assertThat(early).isNotDone();

        c.ownsAll();
        CompletableFuture<Reply> late = a.submit(increment());
        country.pass(Duration.ofSeconds(1));
        assertThat(early).isCompleted();
        assertThat(late).isCompleted();

        c.givesUp(Space.STATE, PARTITION);
        CompletableFuture<Reply> never = a.submit(increment());
        country.pass(Duration.ofSeconds(6));
        assertThat(never).isCompletedExceptionally();
    }

    @Test
    void ofTwoWhoSayThatTheyOwnItTheLaterOneIsAskedInWhateverOrderTheySaySo() {
        country.links.hold("b", "a");
        b.ownsAll();
        c.ownsAll();
        country.settle();
        country.links.release("b", "a");
        country.links.drain();

        assertThat(a.routing.remote().servesSince(Space.STATE, PARTITION)).isEqualTo(1);
        assertThat(value(a.reply(increment()))).hasToString("{\"n\":1}");
        assertThat(value(b.reply(increment()))).hasToString("{\"n\":2}");

        // It is known that another owned it later: who did before is fenced, even if it has not noticed.
        country.links.cut("a", "c");
        assertThat(a.routing.remote().servesSince(Space.STATE, PARTITION)).isEqualTo(-1);
    }

    @Test
    void whoTakesOverIsAskedAtOnceForWhatTheOneBeforeWasAskedInVain() {
        b.ownsAll();
        country.settle();
        country.links.hold("a", "b");
        CompletableFuture<Reply> answer = a.submit(increment());
        country.settle();

        c.ownsAll();
        country.pass(Duration.ofMillis(50));

        assertThat(value(come(answer))).hasToString("{\"n\":1}");
        country.links.release("a", "b");
        country.pass(Duration.ofMillis(50));
        assertThat(value(c.reply(increment()))).hasToString("{\"n\":2}");
    }

    @Test
    void thisNodeIsAskedForWhatItTookOverWhileAnotherWasAskedInVain() {
        b.ownsAll();
        country.settle();
        country.links.hold("a", "b");
        CompletableFuture<Reply> answer = a.submit(increment());
        country.settle();

        a.ownsAll();
        country.pass(Duration.ofMillis(50));

        assertThat(value(come(answer))).hasToString("{\"n\":1}");
    }

    @Test
    void aRefusalOfAnEarlierOwnerIsNotBelieved() {
        b.ownsAll();
        assertThat(a.reply(set(COUNTER, "1"))).isInstanceOf(Reply.Done.class);
        Mutation mutation = new Mutation(COUNTER, new Mutation.Set(Json.ofText("2")), id(), Version.NONE, null);
        country.links.hold("b", "a");
        CompletableFuture<Reply> answer = a.submit(mutation);
        country.settle();

        c.ownsAll();
        Mutation delete = Mutation.of(COUNTER, new Mutation.Delete(), id());
        assertThat(c.reply(delete)).isInstanceOf(Reply.Done.class);
        country.links.release("b", "a");
        country.pass(Duration.ofMillis(100));

        assertThat(value(come(answer))).hasToString("2");
    }

    @Test
    void whoMayHaveLostThePartitionUnnoticedRefusesNothing() {
        b.ownsAll();
        country.settle();
        b.leaseHeld = false;
        CompletableFuture<Reply> answer =
                a.submit(new Mutation(COUNTER, new Mutation.Set(Json.NULL), id(), new Version(1), null));
        country.pass(Duration.ofSeconds(1));
        assertThat(answer).isNotDone();

        b.leaseHeld = true;
        country.pass(Duration.ofSeconds(1));
        assertThat(come(answer)).isEqualTo(new Reply.VersionConflict(Version.NONE));
    }

    @Test
    void whatIsGivenUpIsNotAskedForAndWhoComesLaterLearnsWhatIsOwned() {
        country.links.cut("a", "b");
        b.ownsAll();
        country.settle();
        assertThat(a.routing.remote().servesSince(Space.STREAM, 0)).isEqualTo(-1);

        country.links.heal("a", "b");
        country.links.drain();
        assertThat(a.routing.remote().servesSince(Space.STREAM, 0)).isZero();

        b.givesUp(Space.STREAM, 0);
        country.links.drain();
        assertThat(a.routing.remote().servesSince(Space.STREAM, 0)).isEqualTo(-1);
        assertThat(a.routing.remote().servesSince(Space.STREAM, 1)).isZero();
    }

    @Test
    void aQuestionThatIsNotUnderstoodIsAskedAgain() {
        b.ownsAll();
        country.settle();
        var answer = Objects.requireNonNull(a.peers.peer("b"))
                .ask(Kind.SUBMIT.kind(), new byte[] {'{', '}'}, country.in(Duration.ofSeconds(1)));
        country.settle();

        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
        assertThat(Refusals.unavailable("b", new PeerFailedException("what?")))
                .isInstanceOf(UnavailableException.class);
    }
}
