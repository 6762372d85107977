package io.millrace.web.peer;

import io.millrace.core.value.JsonText;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One end of a new connection, until both know who the other is; then it passes on what comes to the link. Who dialed speaks
 * and proves first, so that nobody gets anything from an acceptor without knowing the secret but what it says of itself.
 *
 * <pre>
 * dialer → acceptor   hello
 * acceptor → dialer   hello
 * dialer → acceptor   proof     the dialer has checked who answers
 * acceptor → dialer   proof     the link is up at the acceptor, and at the dialer when it has checked this
 * </pre>
 *
 * Instead of any of these, either may say {@code {"refused":"why"}} and close.
 */
final class Introduction implements MessageSocket.Listener {
    private enum Stage {
        HELLO,
        PROOF,
        DONE
    }

    private final MessageSocket socket;
    private final Ours ours;
    private final Reception reception;
    private final byte[] ourHello;
    private byte[] theirHello = {};
    private @Nullable Hello theirs;
    private Stage stage = Stage.HELLO;
    private MessageSocket.@Nullable Listener link;

    /**
     * What this end has to say.
     *
     * @param expected the node that was dialed; null if this end did not dial
     * @param secret null where none is to be proved
     */
    record Ours(
            Hello hello,
            @Nullable String expected,
            @Nullable String secret) {
        boolean dialed() {
            return expected != null;
        }
    }

    /** Gets told what comes of it, on the socket's I/O thread, one of the three once. */
    interface Reception {
        /**
         * Both know each other: takes the connection over.
         *
         * @param lastWord sends what belongs to the introduction, before anything else is sent
         */
        MessageSocket.Listener introduced(Hello theirs, MessageSocket socket, Runnable lastWord)
                throws RefusedException;

        /** They do not come together. The connection is being closed. */
        void refused(String node, String why);

        /** The connection ended before they knew. */
        void broken();
    }

    Introduction(MessageSocket socket, Ours ours, Reception reception) {
        this.socket = socket;
        this.ours = ours;
        this.reception = reception;
        this.ourHello = ours.hello().utf8();
        if (ours.dialed()) {
            socket.sendText(ourHello);
        }
    }

    @Override
    public void message(boolean text, byte[] payload) {
        MessageSocket.Listener known = link;
        if (known != null) {
            known.message(text, payload);
            return;
        }
        try {
            switch (stage) {
                case HELLO -> hello(payload);
                case PROOF -> proof(payload);
                case DONE -> {}
            }
        } catch (RefusedException e) {
            refuse(e.why());
        }
    }

    private void hello(byte[] payload) throws RefusedException {
        hearRefusal(payload);
        Hello read = Hello.of(payload);
        theirs = read;
        theirHello = payload;
        check(read);
        stage = Stage.PROOF;
        socket.sendText(ours.dialed() ? proofMessage(true) : ourHello);
    }

    private void check(Hello read) throws RefusedException {
        Hello hello = ours.hello();
        if (read.oldest() > hello.protocol() || read.protocol() < hello.oldest()) {
            throw new RefusedException("protocol " + read.oldest() + " to " + read.protocol() + " (expected: "
                    + hello.oldest() + " to " + hello.protocol() + ")");
        }
        if (!read.cluster().equals(hello.cluster())) {
            throw new RefusedException("another Kafka cluster (expected: the same bootstrap servers)");
        }
        if (read.node().equals(hello.node())) {
            throw new RefusedException("both are node " + hello.node() + " (expected: another node.id for each)");
        }
        if (read.secret() != hello.secret()) {
            throw new RefusedException("only one of the two has a peers.secret (expected: the same at every node)");
        }
        if (ours.expected() == null) {
            checkDialer(read, hello.node());
        } else if (!ours.expected().equals(read.node())) {
            throw new RefusedException("this is the address of node " + read.node());
        }
    }

    private static void checkDialer(Hello read, String node) throws RefusedException {
        if (!read.to().equals(node)) {
            throw new RefusedException("this is the address of node " + node);
        }
        if (read.node().compareTo(node) > 0) {
            throw new RefusedException("a node does not dial one of a smaller id (expected: to be dialed by it)");
        }
    }

    private void proof(byte[] payload) throws RefusedException {
        hearRefusal(payload);
        if (ours.secret() != null
                && !Proof.equal(
                        expectedProof(ours.secret(), !ours.dialed()),
                        Hello.tree(payload).path("proof").asString(""))) {
            throw new RefusedException("wrong peers.secret (expected: the same at every node)");
        }
        Hello known = theirs;
        if (known != null) {
            link = reception.introduced(known, socket, this::lastWord);
            stage = Stage.DONE;
        }
    }

    private void lastWord() {
        if (!ours.dialed()) {
            socket.sendText(proofMessage(false));
        }
    }

    private String expectedProof(String secret, boolean dialer) {
        return ours.dialed()
                ? Proof.of(secret, dialer, ourHello, theirHello)
                : Proof.of(secret, dialer, theirHello, ourHello);
    }

    private byte[] proofMessage(boolean dialer) {
        String proof = ours.secret() == null ? "" : expectedProof(ours.secret(), dialer);
        return new JsonText().raw("{\"proof\":").quoted(proof).raw("}").bytes();
    }

    /** If the other side refuses, there is nothing to read. */
    private static void hearRefusal(byte[] payload) throws RefusedException {
        JsonNode refused = Hello.tree(payload).path("refused");
        if (refused.isString()) {
            throw new RefusedException("the other says: " + refused.asString());
        }
    }

    private void refuse(String why) {
        stage = Stage.DONE;
        socket.sendText(new JsonText().raw("{\"refused\":").quoted(why).raw("}").bytes());
        socket.close(CloseCode.POLICY, "refused");
        reception.refused(theirs == null ? "" : theirs.node(), why);
    }

    /** Gives up if it takes too long. For any thread. */
    void expire() {
        socket.executor().execute(() -> {
            if (stage != Stage.DONE) {
                refuse("the introduction took too long");
            }
        });
    }

    @Override
    public boolean hearsSlowPeers() {
        return link != null;
    }

    @Override
    public void closed() {
        MessageSocket.Listener known = link;
        if (known != null) {
            known.closed();
        } else if (stage != Stage.DONE) {
            stage = Stage.DONE;
            reception.broken();
        }
    }
}
