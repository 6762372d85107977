package io.millrace.web.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one side writes the other reads, and nobody else. */
class SideTest {
    private static final int MOST_BYTES = 200_000;

    private final List<byte[]> messages = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final FrameReader.Receiver receiver = new FrameReader.Receiver() {
        @Override
        public void message(boolean text, byte[] payload) {
            messages.add(payload);
        }

        @Override
        public void ping(byte[] payload) {
            others.add("ping " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void pong() {
            others.add("pong");
        }

        @Override
        public void close(int code) {
            others.add("close " + code);
        }
    };

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    private static Side other(Side side) {
        return side == Side.CLIENT ? Side.SERVER : Side.CLIENT;
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void whatOneSideWritesTheOtherReads(Side side) throws ProtocolException {
        FrameReader reader = new FrameReader(MOST_BYTES, other(side));
        for (int length : new int[] {0, 1, 7, 8, 125, 126, 1_000, 65_535, 65_536, 150_000}) {
            byte[] payload = new byte[length];
            new SplittableRandom(length).nextBytes(payload);
            byte[] first = Arrays.copyOf(payload, length / 3);
            byte[] second = Arrays.copyOfRange(payload, length / 3, length);
            reader.read(ByteBuffer.wrap(side.frame(WireFrames.BINARY, first, second)), receiver);
            assertThat(messages.removeLast()).isEqualTo(payload);
        }
        reader.read(ByteBuffer.wrap(side.frame(WireFrames.PING, new byte[] {'?'})), receiver);
        reader.read(ByteBuffer.wrap(side.close(1008, "no")), receiver);
        assertThat(others).containsExactly("ping ?", "close 1008");
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void whatTheSameSideWritesIsRefused(Side side) {
        FrameReader reader = new FrameReader(MOST_BYTES, side);
        byte[] frame = side.frame(WireFrames.BINARY, new byte[10]);
        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(frame), receiver))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("masked frame");
    }

    @Test
    void aLimitMayBeRaised() throws ProtocolException {
        FrameReader reader = new FrameReader(100, Side.CLIENT);
        reader.limit(1_000);
        reader.read(ByteBuffer.wrap(WireFrames.frame(WireFrames.BINARY, new byte[1_000])), receiver);
        assertThat(messages).hasSize(1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void maskingIsDoneByteByByte(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        int mask = random.nextInt();
        byte[] expected = bytes.clone();
        for (int i = 0; i < bytes.length; i++) {
            expected[i] ^= (byte) (mask >> (24 - 8 * (i % 4)));
        }
        int split = random.nextInt(bytes.length + 1);
        Masking.apply(bytes, 0, split, mask, 0);
        Masking.apply(bytes, split, bytes.length - split, mask, split);
        assertThat(bytes).isEqualTo(expected);
    }
}
