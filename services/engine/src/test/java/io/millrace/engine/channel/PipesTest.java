package io.millrace.engine.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.ManualTime;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.peer.Peers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PipesTest {
    private final ManualTime time = new ManualTime(Instant.ofEpochSecond(1_700_000_000));
    private final MemoryPeers links = new MemoryPeers(time);
    private final Site home = new Site("home", 1);
    private final Site away = new Site("away.example", 2);
    private final Site third = new Site("third", 3);

    PipesTest() {
        links.healAll();
        links.immediate();
    }

    private final class Site {
        private final Channels channels;
        private final Pipes pipes;

        Site(String node, long chance) {
            AtomicInteger ids = new AtomicInteger();
            Peers peers = links.node(node);
            channels = new Channels(node, () -> new UUID(chance, ids.incrementAndGet()), time);
            pipes = new Pipes(channels, peers, time, time);
        }

        Found seek(Channel channel, End end) {
            return pipes.seek(channel.id(), channel.key(), end)
                    .toCompletableFuture()
                    .join();
        }

        private Channel entered(Channel channel, End end) {
            return switch (seek(channel, end)) {
                case Found.Known(var entered) -> entered.get();
                case Found.Nowhere ignored -> throw new AssertionError("nowhere");
                case Found.OutOfReach ignored -> throw new AssertionError("out of reach");
            };
        }

        /** A reader that takes what comes. */
        Reader reader(Channel channel) {
            Reader reader = new Reader(entered(channel, End.READER));
            reader.claim();
            reader.take();
            return reader;
        }

        /** One that takes nothing before it is told to. */
        Reader idle(Channel channel) {
            Reader reader = new Reader(entered(channel, End.READER));
            reader.idle = true;
            reader.claim();
            return reader;
        }

        Writer writer(Channel channel) {
            Writer writer = new Writer(entered(channel, End.WRITER));
            assertThat(writer.channel.claimWriter(writer::signalled)).isTrue();
            return writer;
        }
    }

    private static final class Reader {
        private final Channel channel;
        private final List<Item> got = new ArrayList<>();
        private boolean idle;

        Reader(Channel channel) {
            this.channel = channel;
        }

        void claim() {
            assertThat(channel.claimReader(() -> {
                        if (!idle) {
                            take();
                        }
                    }))
                    .isTrue();
        }

        void take() {
            for (Item item = channel.poll(); item != null; item = channel.poll()) {
                got.add(item);
            }
        }

        List<String> texts() {
            return got.stream()
                    .map(item ->
                            (item.isText() ? "text " : "bytes ") + new String(item.bytes(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    private static final class Writer {
        private final Channel channel;
        private int signals;

        Writer(Channel channel) {
            this.channel = channel;
        }

        private void signalled() {
            signals++;
        }

        boolean write(String text) {
            return channel.write(Item.text(text.getBytes(StandardCharsets.UTF_8)));
        }

        boolean write(byte[] bytes) {
            return channel.write(Item.binary(bytes));
        }

        /** Writes as long as there is room. */
        int fill(byte[] bytes, int most) {
            int written = 1;
            while (write(bytes) && written < most) {
                written++;
            }
            return written;
        }
    }

    @Test
    void anIdSaysWhereItsChannelIs() {
        Channel channel = away.channels.create(4);
        assertThat(channel.id()).endsWith(".away.example");
        assertThat(Channels.nodeOf(channel.id())).isEqualTo("away.example");
        assertThat(Channels.nodeOf("00000000-0000-0000-0000-000000000001")).isEmpty();
    }

    @Test
    void aReaderElsewhereGetsWhatIsWrittenHereAndThenTheEnd() {
        Channel channel = home.channels.create(64);
        Writer writer = home.writer(channel);
        writer.write("early");
        Reader reader = away.reader(channel);
        writer.write("bytes".getBytes(StandardCharsets.UTF_8));
        writer.write("");
        assertThat(reader.texts()).containsExactly("text early", "bytes bytes", "text ");
        assertThat(reader.channel.isEnded()).isFalse();
        writer.channel.end();
        assertThat(reader.channel.isEnded()).isTrue();
        assertThat(home.pipes.size() + away.pipes.size()).isZero();
        home.channels.sweep();
        assertThat(home.channels.size()).isZero();
    }

    @Test
    void aWriterElsewhereReachesAReaderHere() {
        Channel channel = home.channels.create(64);
        Writer writer = away.writer(channel);
        writer.write("early");
        Reader reader = home.reader(channel);
        writer.write("late");
        writer.channel.end();
        assertThat(reader.texts()).containsExactly("text early", "text late");
        assertThat(reader.channel.isEnded()).isTrue();
        assertThat(home.pipes.size() + away.pipes.size()).isZero();
    }

    @Test
    void bothMayBeElsewhereAtTwoNodes() {
        Channel channel = home.channels.create(64);
        Writer writer = away.writer(channel);
        Reader reader = third.reader(channel);
        writer.write("a");
        writer.channel.end();
        assertThat(reader.texts()).containsExactly("text a");
        assertThat(reader.channel.isEnded()).isTrue();
        assertThat(home.pipes.size() + away.pipes.size() + third.pipes.size()).isZero();
    }

    @Test
    void anItemLargerThanAllCreditArrivesInOnePiece() {
        Channel channel = home.channels.create(64);
        Writer writer = away.writer(channel);
        Reader reader = third.reader(channel);
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);
        writer.write(large);
        writer.write("after");
        assertThat(reader.got).hasSize(2);
        assertThat(reader.got.getFirst().bytes()).isEqualTo(large);
        assertThat(reader.got.getFirst().isText()).isFalse();
    }

    @Test
    void aReaderThatTakesNothingHoldsAWriterBackWhereverTheyAre() {
        for (Site where : List.of(home, away)) {
            Channel channel = home.channels.create(16);
            Writer writer = where.writer(channel);
            Reader reader = third.idle(channel);
            byte[] piece = new byte[10_000];
            int written = writer.fill(piece, 100_000);
            assertThat(written).isLessThan(1_000);
            assertThat(writer.channel.isFull()).isTrue();
            reader.take();
            assertThat(writer.channel.isFull()).isFalse();
            assertThat(writer.signals).isPositive();
            assertThat(reader.got).hasSize(written);
        }
    }

    @Test
    void manySmallItemsAreHeldBackToo() {
        Channel channel = home.channels.create(16);
        Writer writer = away.writer(channel);
        Reader reader = third.idle(channel);
        int written = writer.fill(new byte[0], 100_000);
        assertThat(written).isLessThan(3_000);
        reader.idle = false;
        reader.take();
        writer.fill(new byte[0], 100_000 - written);
        assertThat(reader.got).hasSize(100_000);
    }

    @Test
    void aReaderThatGoesEndsAWriterElsewhere() {
        Channel channel = home.channels.create(16);
        Writer writer = away.writer(channel);
        Reader reader = third.reader(channel);
        reader.channel.abandon();
        assertThat(writer.channel.isAbandoned()).isTrue();
        assertThat(home.pipes.size() + away.pipes.size() + third.pipes.size()).isZero();
    }

    @Test
    void aReaderThatHasGoneBeforeIsToldOfToTheWriterThatComes() {
        Channel channel = home.channels.create(16);
        Reader reader = home.reader(channel);
        reader.channel.abandon();
        assertThat(away.writer(channel).channel.isAbandoned()).isTrue();
    }

    @Test
    void anEndIsForOneOnlyAtWhicheverNode() {
        Channel channel = home.channels.create(16);
        home.reader(channel);
        away.writer(channel);
        assertThat(third.reader(channel).channel.isEnded()).isTrue();
        assertThat(third.writer(channel).channel.isAbandoned()).isTrue();
        assertThat(channel.claimWriter(() -> {})).isFalse();
        assertThat(channel.isAbandoned()).isFalse();
        assertThat(third.pipes.size()).isZero();
    }

    @Test
    void aWrongKeyAndAnUnknownIdAreNowhereAndANodeThatIsNotThereIsOutOfReach() {
        Channel channel = home.channels.create(16);
        assertThat(sought(away, channel.id(), "guess")).isInstanceOf(Found.Nowhere.class);
        assertThat(sought(away, new UUID(9, 9) + ".home", channel.key())).isInstanceOf(Found.Nowhere.class);
        assertThat(sought(away, new UUID(9, 9).toString(), channel.key())).isInstanceOf(Found.Nowhere.class);
        assertThat(sought(home, new UUID(9, 9) + ".home", channel.key())).isInstanceOf(Found.Nowhere.class);
        assertThat(sought(away, new UUID(9, 9) + ".nobody", channel.key())).isInstanceOf(Found.OutOfReach.class);
        links.cut("home", "away.example");
        assertThat(away.seek(channel, End.READER)).isInstanceOf(Found.OutOfReach.class);
    }

    private static Found sought(Site site, String id, String key) {
        return site.pipes.seek(id, key, End.READER).toCompletableFuture().join();
    }

    @Test
    void aLinkThatBreaksEndsBothSides() {
        Channel out = home.channels.create(16);
        Channel in = home.channels.create(16);
        Writer here = home.writer(out);
        Reader there = away.reader(out);
        Writer thereToo = away.writer(in);
        Reader hereToo = home.reader(in);
        here.write("1");
        thereToo.write("2");
        links.cut("home", "away.example");
        assertThat(here.channel.isAbandoned()).isTrue();
        assertThat(there.channel.isEnded()).isTrue();
        assertThat(there.texts()).containsExactly("text 1");
        assertThat(thereToo.channel.isAbandoned()).isTrue();
        assertThat(hereToo.channel.isEnded()).isTrue();
        assertThat(hereToo.texts()).containsExactly("text 2");
        assertThat(home.pipes.size() + away.pipes.size()).isZero();
    }

    @Test
    void anAnswerThatNeverComesEndsBothSides() {
        Channel channel = home.channels.create(16);
        Writer writer = home.writer(channel);
        links.hold("home", "away.example");
        CompletableFuture<Found> sought =
                away.pipes.seek(channel.id(), channel.key(), End.READER).toCompletableFuture();
        time.pass(Duration.ofSeconds(10));
        links.expire();
        assertThat(sought.join()).isInstanceOf(Found.OutOfReach.class);
        links.release("home", "away.example");

        Found.Known known = (Found.Known) away.seek(channel, End.READER);
        links.hold("home", "away.example");
        Reader reader = new Reader(known.entered().get());
        reader.claim();
        assertThat(home.pipes.size()).isEqualTo(1);
        time.pass(Duration.ofSeconds(10));
        links.expire();
        assertThat(reader.channel.isEnded()).isTrue();
        assertThat(writer.channel.isAbandoned()).isTrue();
        assertThat(home.pipes.size() + away.pipes.size()).isZero();
    }

    @Test
    void aChannelWhoseOtherEndNobodyClaimsExpires() {
        Channel out = home.channels.create(16);
        Channel in = home.channels.create(16);
        Reader reader = away.reader(out);
        Writer writer = away.writer(in);
        time.pass(Duration.ofMinutes(6));
        home.channels.sweep();
        assertThat(reader.channel.isEnded()).isTrue();
        assertThat(writer.channel.isAbandoned()).isTrue();
        assertThat(home.pipes.size() + away.pipes.size()).isZero();
    }

    @Test
    void aLinkThatIsFullIsLeftToOthers() {
        Channel channel = home.channels.create(16);
        Writer writer = home.writer(channel);
        Reader reader = away.reader(channel);
        links.congest("home", "away.example", true);
        assertThat(writer.fill(new byte[10], 1_000)).isEqualTo(16);
        assertThat(reader.got).isEmpty();
        links.congest("home", "away.example", false);
        time.pass(Duration.ofSeconds(1));
        assertThat(reader.got).hasSize(16);
    }

    @Test
    void whatOneCannotReadIsIgnored() {
        Channel channel = home.channels.create(16);
        Writer writer = home.writer(channel);
        Reader reader = away.reader(channel);
        var peer = java.util.Objects.requireNonNull(links.node("home").peer("away.example"));
        for (byte[] body : List.of(new byte[0], new byte[] {1, 2}, new byte[9], filled(9), filled(40))) {
            peer.tell(Wire.KIND, body);
            var _ = peer.ask("pipe.find", body, Instant.MAX);
            var _ = peer.ask("pipe.open", body, Instant.MAX);
        }
        writer.write("still there");
        assertThat(reader.texts()).containsExactly("text still there");
    }

    private static byte[] filled(int bytes) {
        byte[] all = new byte[bytes];
        Arrays.fill(all, (byte) 0xff);
        return all;
    }
}
