package io.millrace.engine.channel;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the channels of all nodes. What connects to one of another node gets a channel of its own here, and a pipe between
 * the two: items, ends and the loss of an end go through it as if both ends were at one node, and nobody sends more than
 * the other has room for. If the link breaks, both ends see what they would if the other had gone. Calls may come from any
 * thread.
 */
public final class Pipes implements ChannelFinder {
    private static final String FIND = "pipe.find";
    private static final String OPEN = "pipe.open";
    private static final byte[] NO = "{\"found\":false}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] YES = "{\"found\":true}".getBytes(StandardCharsets.US_ASCII);
    /** How long somebody at the door waits for another node. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Channels channels;
    private final Peers peers;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Map<Place, Flow> flows = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** Which pipe: numbers are given by the node that has opened it. */
    private record Place(Peer peer, boolean opener, long number) {
        Place(Wire wire) {
            this(wire.peer(), wire.opener(), wire.number());
        }
    }

    /** No pipes yet. To be made before the first peer comes. */
    public Pipes(Channels channels, Peers peers, InstantSource clock, Scheduler scheduler) {
        this.channels = channels;
        this.peers = peers;
        this.clock = clock;
        this.scheduler = scheduler;
        peers.answer(FIND, (from, body, deadline) -> CompletableFuture.completedStage(find(body)));
        peers.answer(OPEN, (from, body, deadline) -> CompletableFuture.completedStage(opened(from, body)));
        peers.note(Wire.KIND, this::told);
        peers.watch(new Peers.Watcher() {
            @Override
            public void left(Peer peer) {
                lost(peer);
            }
        });
    }

    /** How many pipes there are, at either of their nodes. */
    public int size() {
        return flows.size();
    }

    @Override
    public CompletionStage<Found> seek(String id, String key, End end) {
        String node = Channels.nodeOf(id);
        if (node.isEmpty() || node.equals(channels.node())) {
            return channels.seek(id, key, end);
        }
        Peer peer = peers.peer(node);
        if (peer == null) {
            return CompletableFuture.completedStage(new Found.OutOfReach());
        }
        byte[] question = ref(id, key).raw("}").taken();
        return peer.ask(FIND, question, patience()).handle((answer, failure) -> {
            if (answer == null) {
                return new Found.OutOfReach();
            }
            return isFound(tree(answer)) ? new Found.Known(() -> enter(peer, id, key, end)) : new Found.Nowhere();
        });
    }

    private Instant patience() {
        return clock.instant().plus(PATIENCE);
    }

    private static JsonText ref(String id, String key) {
        return new JsonText().raw("{\"id\":").quoted(id).raw(",\"key\":").quoted(key);
    }

    /** What another node says is not to be relied upon: null if it cannot be read. */
    private static JsonNode tree(byte[] body) {
        try {
            return Json.ofTrusted(body).tree();
        } catch (UnreadableTextException e) {
            return Json.NULL.tree();
        }
    }

    private static boolean isFound(JsonNode answer) {
        return answer.path("found").asBoolean(false);
    }

    /** What stands here for a channel of another node. */
    private Channel enter(Peer peer, String id, String key, End end) {
        Channel here = new Channel(id, key, Credit.WINDOW.items(), Credit.WINDOW.bytes(), clock.instant());
        Wire wire = new Wire(peer, numbers.incrementAndGet(), true);
        Flow flow = switch (end) {
            case READER -> inflow(here, wire);
            case WRITER -> outflow(here, wire);
        };
        if (flow == null) {
            throw new IllegalStateException("channel: taken (expected: new)");
        }
        byte[] question = ref(id, key)
                .raw(",\"end\":")
                .quoted(end == End.READER ? "reader" : "writer")
                .raw(",\"pipe\":")
                .number(wire.number())
                .raw(",\"items\":")
                .number(Credit.WINDOW.items())
                .raw(",\"bytes\":")
                .number(Credit.WINDOW.bytes())
                .raw("}")
                .taken();
        var _ = peer.ask(OPEN, question, patience())
                .whenComplete((answer, failure) -> entered(flow, wire, answer == null ? null : tree(answer)));
        return here;
    }

    private static void entered(Flow flow, Wire wire, @Nullable JsonNode answer) {
        if (answer == null) {
            flow.lost();
            wire.send(flow instanceof Outflow ? Wire.Op.END : Wire.Op.ABANDON); // in case it did open
        } else if (!isFound(answer)) {
            flow.lost();
        } else if (flow instanceof Outflow outflow) {
            outflow.credit(credit(answer));
        }
    }

    private static Credit credit(JsonNode fields) {
        return new Credit(fields.path("items").asInt(0), fields.path("bytes").asInt(0));
    }

    private byte[] find(byte[] body) {
        JsonNode asked = tree(body);
        Channel channel =
                channels.find(asked.path("id").asString(""), asked.path("key").asString(""));
        return channel == null ? NO : YES;
    }

    /** Another node wants an end of a channel of this one. */
    private byte[] opened(Peer from, byte[] body) {
        JsonNode asked = tree(body);
        Channel channel =
                channels.find(asked.path("id").asString(""), asked.path("key").asString(""));
        if (channel == null) {
            return NO;
        }
        Wire wire = new Wire(from, asked.path("pipe").asLong(-1), false);
        if (!asked.path("end").asString("").equals("reader")) {
            Inflow inflow = inflow(channel, wire);
            if (inflow == null) {
                return NO;
            }
            if (channel.isAbandoned()) {
                inflow.signalled();
            }
            return new JsonText()
                    .raw("{\"found\":true,\"items\":")
                    .number(Credit.WINDOW.items())
                    .raw(",\"bytes\":")
                    .number(Credit.WINDOW.bytes())
                    .raw("}")
                    .taken();
        }
        Outflow outflow = outflow(channel, wire);
        if (outflow == null) {
            return NO;
        }
        outflow.credit(credit(asked));
        return YES;
    }

    private @Nullable Inflow inflow(Channel channel, Wire wire) {
        Place place = new Place(wire);
        Inflow flow = new Inflow(channel, wire, () -> flows.remove(place));
        return begins(place, flow, () -> channel.claimWriter(flow::signalled)) ? flow : null;
    }

    private @Nullable Outflow outflow(Channel channel, Wire wire) {
        Place place = new Place(wire);
        Outflow flow = new Outflow(channel, wire, scheduler, () -> flows.remove(place));
        return begins(place, flow, () -> channel.claimReader(flow::pump)) ? flow : null;
    }

    private boolean begins(Place place, Flow flow, BooleanSupplier claim) {
        flows.put(place, flow); // before it can be over
        if (!claim.getAsBoolean()) {
            flows.remove(place);
            return false;
        }
        if (!place.peer().equals(peers.peer(place.peer().node()))) {
            flow.lost(); // the link has gone meanwhile, and nobody would say so again
        }
        return true;
    }

    private void told(Peer from, byte[] body) {
        Wire.Message message = Wire.Message.of(body);
        if (message != null) {
            Flow flow = flows.get(new Place(from, !message.fromOpener(), message.number()));
            if (flow != null) {
                flow.told(message);
            }
        }
    }

    private void lost(Peer peer) {
        List<Place> gone = flows.keySet().stream()
                .filter(place -> place.peer().equals(peer))
                .toList();
        for (Place place : gone) {
            Flow flow = flows.get(place);
            if (flow != null) {
                flow.lost();
            }
        }
    }
}
