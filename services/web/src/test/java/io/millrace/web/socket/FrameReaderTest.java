package io.millrace.web.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameReaderTest {
    private static final int MOST_BYTES = 5_000;

    private final List<String> got = new ArrayList<>();
    private static final Inflation INFLATION = new Inflation();

    private final FrameReader reader = new FrameReader(MOST_BYTES);
    private final FrameReader inflating = new FrameReader(MOST_BYTES, INFLATION);
    private final FrameReader.Receiver receiver = new FrameReader.Receiver() {
        @Override
        public void message(boolean text, byte[] payload) {
            assertThat(payload).hasSizeLessThanOrEqualTo(MOST_BYTES);
            got.add((text ? "text " : "binary ") + new String(payload, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void ping(byte[] payload) {
            got.add("ping " + new String(payload, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void pong() {
            got.add("pong");
        }

        @Override
        public void close(int code) {
            got.add("close " + code);
        }
    };

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20) * 5);
    }

    private void read(byte[]... pieces) throws ProtocolException {
        for (byte[] piece : pieces) {
            reader.read(ByteBuffer.wrap(piece), receiver);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void anIdleReaderHoldsNoBuffer() throws ProtocolException {
        read(RawClient.masked(0x81, ascii("hello")), RawClient.masked(0x82, new byte[0]));
        assertThat(got).containsExactly("text hello", "binary ");
        assertThat(reader.bufferedBytes()).isZero();
    }

    @Test
    void aPingMayComeBetweenFragments() throws ProtocolException {
        read(
                RawClient.masked(0x01, ascii("one ")),
                RawClient.masked(0x89, ascii("?")),
                RawClient.masked(0x00, new byte[0]),
                RawClient.masked(0x80, ascii("two")));
        assertThat(got).containsExactly("ping ?", "text one two");
    }

    @Test
    void utf8IsJudgedOverAllFragments() throws ProtocolException {
        byte[] umlaut = "\u00fc".getBytes(StandardCharsets.UTF_8);
        read(RawClient.masked(0x01, new byte[] {umlaut[0]}), RawClient.masked(0x80, new byte[] {umlaut[1]}));
        assertThat(got).hasSize(1);
        byte[] broken = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
        assertThatThrownBy(() -> read(RawClient.masked(0x81, broken)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(CloseCode.NOT_UTF8));
    }

    @Test
    void nothingIsReadAfterAClose() throws ProtocolException {
        byte[] close = {0x03, (byte) 0xe8, 'b', 'y', 'e'};
        read(RawClient.masked(0x88, close), RawClient.masked(0x81, ascii("late")), ascii("garbage"));
        assertThat(got).containsExactly("close 1000");
    }

    @Test
    void aCloseMayHaveNoCode() throws ProtocolException {
        read(RawClient.masked(0x88, new byte[0]));
        assertThat(got).containsExactly("close 1005");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a reserved bit, c1, 1002",
        "an unknown opcode, 83, 1002",
        "an unknown control opcode, 8b, 1002",
        "a continuation of nothing, 80, 1002",
        "an unmasked frame, 8101, 1002",
        "a fragmented ping, 09, 1002",
        "a long ping, 89fe, 1002",
        "an overlong length of two bytes, 82fe007d00000000, 1002",
        "an overlong length of eight bytes, 82ff000000000000ffff00000000, 1002",
        "a negative length, 82ff8000000000000000, 1002",
        "a close code of one byte, 88810000000001, 1002",
        "a close code that is never sent, 88820000000003ed, 1002",
        "a close reason that is not UTF-8, 88830000000003e8ff, 1007",
        "a frame over the limit, 82fe138900000000, 1009",
        "an enormous frame, 82ff7fffffffffffffff00000000, 1009",
        "a text within a message, 01800000000081, 1002",
    })
    void whatIsForbiddenEndsTheConversation(String what, String hex, int code) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> read(bytes))
                .as(what)
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(got).isEmpty();
    }

    @Test
    void fragmentsTogetherMayNotExceedTheLimit() throws ProtocolException {
        read(RawClient.masked(0x02, new byte[MOST_BYTES - 1]));
        assertThatThrownBy(() -> read(RawClient.masked(0x80, new byte[2])))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(CloseCode.TOO_BIG));
    }

    @Test
    void fragmentsOfACompressedMessageAreOneStream() throws ProtocolException {
        byte[] compressed = deflated(ascii("hello, hello, hello"), false);
        readCompressed(
                RawClient.masked(0x41, Arrays.copyOfRange(compressed, 0, 3)),
                RawClient.masked(0x89, ascii("?")),
                RawClient.masked(0x00, Arrays.copyOfRange(compressed, 3, 4)),
                RawClient.masked(0x80, Arrays.copyOfRange(compressed, 4, compressed.length)),
                RawClient.masked(0x81, ascii("as it is")));
        assertThat(got).containsExactly("ping ?", "text hello, hello, hello", "text as it is");
        assertThat(inflating.bufferedBytes()).isZero();
    }

    @Test
    void blocksMayFollowOneThatIsMarkedAsTheLast() throws ProtocolException {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(deflated(ascii("one "), true));
        two.writeBytes(deflated(ascii("two"), true));
        two.write(0);
        readCompressed(
                RawClient.masked(0xc1, two.toByteArray()),
                RawClient.masked(0xc2, deflated(ascii("three"), true)),
                RawClient.masked(0xc2, new byte[] {0}));
        assertThat(got).containsExactly("text one two", "binary three", "binary ");
    }

    @Test
    void whatIsTooLongWhenInflatedIsRefusedWithoutBeingInflated() throws ProtocolException {
        readCompressed(RawClient.masked(0xc2, deflated(new byte[MOST_BYTES], false)));
        assertThat(got).hasSize(1);
        byte[] bomb = deflated(new byte[4_000_000], false);
        assertThat(bomb).hasSizeLessThan(MOST_BYTES);
        assertThatThrownBy(() -> readCompressed(RawClient.masked(0xc2, bomb)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(CloseCode.TOO_BIG));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "damaged compression, c2820000000007ff, 1007",
        "compressed text that is no UTF-8, c1830000000000fe, 1007",
        "a compressed ping, c98000000000, 1002",
        "a second reserved bit, a1, 1002",
        "a compressed continuation, 418000000000c0, 1002",
    })
    void whatIsForbiddenWithCompressionEndsTheConversationToo(String what, String hex, int code) {
        byte[] bytes = what.startsWith("compressed text")
                ? RawClient.masked(0xc1, deflated(new byte[] {(byte) 0xff}, false))
                : HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> readCompressed(bytes))
                .as(what)
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void whatWeCompressIsWhatWeRead() throws ProtocolException {
        String text = "a frame, ".repeat(100);
        byte[] wire = new Deflation().message(ascii(text));
        assertThat(wire).hasSizeLessThan(100);
        readCompressed(RawClient.masked(0xc1, Arrays.copyOfRange(wire, 2, wire.length)));
        assertThat(got).containsExactly("text " + text);
        byte[] tiny = new Deflation().message(ascii("a"));
        assertThat(tiny).isEqualTo(new byte[] {(byte) 0x81, 1, 'a'});
        assertThat(new Deflation().message(new byte[0])).isEqualTo(new byte[] {(byte) 0x81, 0});
    }

    private void readCompressed(byte[]... pieces) throws ProtocolException {
        for (byte[] piece : pieces) {
            inflating.read(ByteBuffer.wrap(piece), receiver);
        }
    }

    /** What a client sends; with a last block it ends by itself, else its tail is left out. */
    private static byte[] deflated(byte[] payload, boolean lastBlock) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(payload);
        byte[] compressed = new byte[payload.length + 100];
        int length;
        if (lastBlock) {
            deflater.finish();
            length = deflater.deflate(compressed);
        } else {
            length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH) - 4;
        }
        deflater.end();
        return Arrays.copyOf(compressed, length);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void howAConversationIsCutUpMakesNoDifference(long seed) throws ProtocolException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> said = new ArrayList<>();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            say(random, said, wire, false);
        }
        byte[] all = wire.toByteArray();
        for (int at = 0; at < all.length; ) {
            int to = Math.min(all.length, at + 1 + random.nextInt(random.nextBoolean() ? 7 : 3_000));
            ByteBuffer piece = ByteBuffer.wrap(all, at, to - at);
            reader.read(piece, receiver);
            assertThat(piece.hasRemaining()).isFalse();
            at = to;
        }
        assertThat(got).isEqualTo(said);
        assertThat(reader.bufferedBytes()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void norIfSomeOfItIsCompressed(long seed) throws ProtocolException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> said = new ArrayList<>();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            say(random, said, wire, random.nextBoolean());
        }
        byte[] all = wire.toByteArray();
        for (int at = 0; at < all.length; ) {
            int to = Math.min(all.length, at + 1 + random.nextInt(random.nextBoolean() ? 7 : 3_000));
            inflating.read(ByteBuffer.wrap(all, at, to - at), receiver);
            at = to;
        }
        assertThat(got).isEqualTo(said);
        assertThat(inflating.bufferedBytes()).isZero();
    }

    private static void say(
            SplittableRandom random, List<String> said, ByteArrayOutputStream wire, boolean compressed) {
        boolean text = random.nextBoolean();
        byte[] payload = new byte[random.nextInt(random.nextBoolean() ? 130 : MOST_BYTES)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) random.nextInt(32, 127);
        }
        String what = (text ? "text " : "binary ") + new String(payload, StandardCharsets.ISO_8859_1);
        int opcode = text ? 1 : 2;
        if (compressed) {
            payload = deflated(payload, random.nextBoolean());
            opcode |= WireFrames.COMPRESSED;
        }
        int from = 0;
        for (int fragments = random.nextInt(4); fragments > 0; fragments--) {
            int to = from + random.nextInt(payload.length - from + 1);
            wire.writeBytes(RawClient.masked(opcode, Arrays.copyOfRange(payload, from, to)));
            opcode = 0;
            from = to;
            if (random.nextBoolean()) {
                wire.writeBytes(RawClient.masked(0x89, ascii("?")));
                said.add("ping ?");
            }
        }
        wire.writeBytes(RawClient.masked(0x80 | opcode, Arrays.copyOfRange(payload, from, payload.length)));
        said.add(what);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBytesAreRefusedOrReadAndNeverTakeMoreMemoryThanAllowed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            FrameReader fresh = round % 2 == 0 ? new FrameReader(MOST_BYTES) : new FrameReader(MOST_BYTES, INFLATION);
            try {
                for (int piece = 0; piece < 20; piece++) {
                    byte[] bytes = new byte[random.nextInt(1, 600)];
                    random.nextBytes(bytes);
                    if (piece == 0) {
                        plausible(random, bytes);
                    }
                    fresh.read(ByteBuffer.wrap(bytes), receiver);
                    assertThat(fresh.bufferedBytes()).isLessThanOrEqualTo(MOST_BYTES + 125);
                }
            } catch (ProtocolException e) {
                assertThat(e.code()).isIn(1002, 1007, 1009);
                assertThat(e.reason().length()).isLessThanOrEqualTo(123);
            }
        }
    }

    /** A head that gets past the first checks. */
    private static void plausible(SplittableRandom random, byte[] bytes) {
        int[] firsts = {0x01, 0x02, 0x41, 0xc1, 0xc2, 0x81, 0x82, 0x88, 0x89, 0x8a};
        bytes[0] = (byte) firsts[random.nextInt(firsts.length)];
        if (bytes.length > 1) {
            bytes[1] |= (byte) 0x80;
        }
    }
}
