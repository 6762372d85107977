package io.millrace.engine.channel;

/** What goes through a channel, piece by piece: a text message or some bytes. */
public final class Item {
    private final boolean text;
    private final byte[] bytes;

    private Item(boolean text, byte[] bytes) {
        this.text = text;
        this.bytes = bytes;
    }

    /** A text message. The bytes, UTF-8, are not to be changed any more. */
    public static Item text(byte[] utf8) {
        return new Item(true, utf8);
    }

    /** Some bytes, not to be changed any more. */
    public static Item binary(byte[] bytes) {
        return new Item(false, bytes);
    }

    /** Whether it is a text message. */
    public boolean isText() {
        return text;
    }

    /** What it is, not copied: whoever gets it must not change it. */
    public byte[] bytes() {
        return bytes;
    }

    /** How many bytes it is. */
    public int sizeBytes() {
        return bytes.length;
    }
}
