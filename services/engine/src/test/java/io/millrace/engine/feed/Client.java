package io.millrace.engine.feed;

import io.millrace.engine.feed.Life.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One who follows a few things over many connections, to any node; reads fast or slowly; and comes back with the last
 * cursor it has seen, or with another.
 */
final class Client {
    private static final int UNLIMITED = 1 << 24;

    private final Crowd crowd;
    private final World world;
    private final SplittableRandom random;
    private final boolean cursors;
    private final Mode mode;
    private final Form form;
    private final int boundBytes;
    private final int appetite;
    private final List<Life> lives = new ArrayList<>();
    private @Nullable Session session;

    Client(Crowd crowd) {
        this.crowd = crowd;
        world = crowd.world;
        random = world.random;
        cursors = random.nextInt(4) > 0;
        mode = switch (random.nextInt(5)) {
            case 0 -> new Mode.Latest(Duration.ZERO);
            case 1 -> new Mode.Latest(Duration.ofMillis(random.nextInt(5, 50)));
            default -> Mode.Every.EVERY;
        };
        boundBytes = random.nextInt(3) == 0 ? random.nextInt(200, 2_000) : UNLIMITED;
        appetite = random.nextInt(1, 12);
        int wishes = random.nextInt(1, 4);
        for (int i = 0; i < wishes; i++) {
            Wish wish = new Wish(crowd.writer.anyGroup(), random.nextBoolean() ? null : crowd.writer.anyItem());
            if (lives.stream().noneMatch(life -> life.wish.overlaps(wish))) {
                lives.add(new Life(world, Crowd.CONFIG, wish, mode, cursors));
            }
        }
        form = cursors && lives.size() == 1 && random.nextBoolean() ? Form.EVENT_STREAM : Form.MESSAGE;
    }

    /** Does something a client may do. */
    void act() {
        Session open = session;
        if (open == null || !open.isOpen()) {
            connect();
            return;
        }
        Life life = lives.get(random.nextInt(lives.size()));
        switch (random.nextInt(16)) {
            case 0 -> disconnect();
            case 1 -> {
                if (life.state == State.IN) {
                    open.leave(life);
                }
            }
            case 2 -> open.roomAgain();
            case 3, 4 -> open.beat(life);
            case 5 -> lives.stream().filter(each -> each.state == State.OUT).forEach(each -> join(open, each));
            default -> open.read(appetite, this);
        }
    }

    void connect() {
        lives.forEach(life -> life.state = State.OUT);
        SimulatedNode node = crowd.anyNode();
        NarrowOutbox outbox = new NarrowOutbox(boundBytes, crowd.plant == Plant.OFFERS_LIE);
        PacedOutbox pace = mode instanceof Mode.Latest latest && lives.size() == 1 && boundBytes == UNLIMITED
                ? new PacedOutbox(outbox, latest.interval(), world.tasks::nowMs)
                : null;
        Session opened = new Session(node, random.nextInt(node.lanes.size()), outbox, pace, form);
        session = opened;
        lives.forEach(life -> join(opened, life));
    }

    void disconnect() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void join(Session open, Life life) {
        open.join(life, cursors ? cursor(life) : null);
    }

    /** Mostly the one it should have. */
    private @Nullable String cursor(Life life) {
        String last = life.ledger.cursor();
        return switch (random.nextInt(20)) {
            case 0 -> null;
            case 1 -> "garbage";
            case 2 -> crowd.foreignCursor(life.partition());
            default -> last;
        };
    }

    void heard(Heard heard) {
        lives.stream()
                .filter(life -> life.state != State.OUT && life.wish.isFor(heard))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a frame that nobody wants: " + heard))
                .ledger
                .heard(heard);
    }

    /** Nothing is on its way to the client: what is not subscribed has ended. */
    void drained() {
        for (Life life : lives) {
            if (life.state == State.LEFT) {
                life.state = State.OUT;
            }
        }
    }

    /** Comes to rest: is connected, subscribed to everything, and reads all there is. Says whether anything happened. */
    boolean settle() {
        Session open = session;
        if (open == null || !open.isOpen()) {
            connect();
            return true;
        }
        boolean happened = open.read(Integer.MAX_VALUE, this);
        for (Life life : lives) {
            if (life.state == State.OUT) {
                join(open, life);
                happened = true;
            }
        }
        return happened;
    }

    void check() {
        for (Life life : lives) {
            life.ledger.complete();
        }
    }

    List<Life> lives() {
        return lives;
    }
}
