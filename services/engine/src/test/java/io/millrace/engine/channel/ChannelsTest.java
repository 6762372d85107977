package io.millrace.engine.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChannelsTest {
    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private long ids;
    private final Channels channels = new Channels(() -> new UUID(3, ids++), () -> now);
    private final List<String> told = new ArrayList<>();

    private static Item item(String text) {
        return Item.text(text.getBytes(StandardCharsets.UTF_8));
    }

    private Channel claimed(int items) {
        Channel channel = channels.create(items);
        assertThat(channel.claimWriter(() -> told.add("write"))).isTrue();
        assertThat(channel.claimReader(() -> told.add("read"))).isTrue();
        return channel;
    }

    @Test
    void eachEndIsClaimedOnce() {
        Channel channel = claimed(4);
        assertThat(channel.claimWriter(() -> {})).isFalse();
        assertThat(channel.claimReader(() -> {})).isFalse();
    }

    @Test
    void onlyWhoHasTheKeyFindsAChannel() {
        Channel channel = channels.create(1);
        assertThat(channels.find(channel.id(), channel.key())).isSameAs(channel);
        assertThat(channels.find(channel.id(), channel.id())).isNull();
        assertThat(channels.find(channel.key(), channel.key())).isNull();
        assertThat(channel.readerRef().toString())
                .isEqualTo("{\"channel_id\":\"" + channel.id() + "\",\"access_key\":\"" + channel.key()
                        + "\",\"direction\":\"read\"}");
    }

    @Test
    void itemsComeOutAsTheyWentInAndThenTheEnd() {
        Channel channel = claimed(4);
        channel.write(item("a"));
        channel.write(item("b"));
        assertThat(told).as("once, until it is empty again").containsExactly("read");
        channel.end();
        assertThat(channel.poll())
                .isInstanceOfSatisfying(
                        Item.class, first -> assertThat(first.bytes()).isEqualTo(new byte[] {'a'}));
        assertThat(channel.isEnded()).isFalse();
        channel.poll();
        assertThat(channel.poll()).isNull();
        assertThat(channel.isEnded()).isTrue();
        assertThat(told).containsExactly("read", "read");
    }

    @Test
    void aFullChannelStopsItsWriterUntilHalfIsRead() {
        Channel channel = claimed(4);
        assertThat(channel.write(item("1"))).isTrue();
        assertThat(channel.write(item("2"))).isTrue();
        assertThat(channel.write(item("3"))).isTrue();
        assertThat(channel.write(item("4"))).isFalse();
        assertThat(channel.isFull()).isTrue();
        told.clear();
        channel.poll();
        assertThat(told).isEmpty();
        channel.poll();
        assertThat(told).containsExactly("write");
        assertThat(channel.isFull()).isFalse();
    }

    @Test
    void aWriterLearnsThatNobodyReads() {
        Channel channel = claimed(4);
        channel.write(item("1"));
        channel.abandon();
        channel.abandon();
        assertThat(told).containsExactly("read", "write");
        assertThat(channel.write(item("2"))).isTrue();
        assertThat(channel.poll()).isNull();
    }

    @Test
    void whatIsOverOrNeverClaimedIsForgotten() {
        Channel over = claimed(1);
        over.end();
        Channel running = claimed(1);
        Channel half = channels.create(1);
        half.claimWriter(() -> told.add("expired"));
        half.end();
        channels.sweep();
        assertThat(channels.find(over.id(), over.key())).isNull();
        assertThat(channels.find(half.id(), half.key()))
                .as("its reader may still come")
                .isNotNull();
        now = now.plus(Duration.ofMinutes(6));
        channels.sweep();
        assertThat(channels.find(half.id(), half.key())).isNull();
        assertThat(told).last().isEqualTo("expired");
        assertThat(channels.find(running.id(), running.key())).isSameAs(running);
        channels.remove(running);
        assertThat(channels.size()).isZero();
    }
}
