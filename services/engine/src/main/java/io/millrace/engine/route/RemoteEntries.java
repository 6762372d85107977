package io.millrace.engine.route;

import io.millrace.engine.peer.Peer;
import io.millrace.engine.read.Cut;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The values of a snapshot at another node, fetched chunk by chunk as they are asked for. */
final class RemoteEntries implements Cut.Entries {
    private final Peer peer;
    private final Attempts attempts;
    private final Waiting waiting;
    private final Instant deadline;
    private Iterator<Cut.Entry> entries;
    private @Nullable Long more;

    RemoteEntries(Peer peer, Chunk first, Attempts attempts, Waiting waiting, Instant deadline) {
        this.peer = peer;
        this.attempts = attempts;
        this.waiting = waiting;
        this.deadline = deadline;
        this.entries = first.entries().iterator();
        this.more = first.more();
    }

    @Override
    public boolean hasNext() {
        Long next = more;
        while (!entries.hasNext() && next != null) {
            Chunk chunk = Chunk.read(fetch(next));
            entries = chunk.entries().iterator();
            more = chunk.more();
            next = more;
        }
        return entries.hasNext();
    }

    private byte[] fetch(long next) {
        try {
            return waiting.until(attempts.ask(Kind.NEXT, peer, Chunk.question(next), deadline));
        } catch (CompletionException e) {
            throw Refusals.bare(e) instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public Cut.Entry next() {
        var _ = hasNext();
        return entries.next();
    }

    @Override
    public void close() {
        Long rest = more;
        more = null;
        if (rest != null) {
            peer.tell(Kind.CLOSE, Chunk.question(rest));
        }
    }
}
