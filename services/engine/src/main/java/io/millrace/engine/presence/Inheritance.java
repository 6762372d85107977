package io.millrace.engine.presence;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose leaves this node is to tell: those of its own earlier lives, unless somebody else is at them, and those of
 * the dead it was chosen for. Says so in the log before it begins with the latter, so that a node that comes back leaves them
 * to it, and whoever is chosen when this one dies takes them over.
 */
final class Inheritance {
    private final Life us;
    private final Means means;
    private final Others others;
    private final Legacy legacy;
    private final Deaths deaths = new Deaths();
    private final Set<Life> claimed = ConcurrentHashMap.newKeySet();

    Inheritance(PresenceConfig config, Means means, Others others) {
        this.us = new Life(config.node(), config.startMs());
        this.means = means;
        this.others = others;
        this.legacy = new Legacy(config, means);
    }

    /** Reads what was left. Fails when the log cannot be read or written. */
    CompletionStage<Legacy.Found> read(Predicate<EntryKey> isHeld) {
        Lives lives = new Lives(us, others, deaths);
        return means.log().read(lives).thenCompose(done -> {
            Set<Life> ours = lives.ours();
            return claim(lives, ours).thenCompose(all -> legacy.read(lives, ours, isHeld));
        });
    }

    private CompletionStage<?> claim(Lives lives, Set<Life> ours) {
        CompletionStage<?> written = CompletableFuture.completedStage(null);
        for (Life life : ours) {
            if (lives.isToBeClaimed(life)) {
                Claim claim = new Claim(us, Math.min(lives.goneMs(life), means.nowMs()));
                claimed.add(life);
                CompletionStage<@Nullable Void> one =
                        means.log().append(life.startKey().toJson(), claim.of(life));
                written = written.thenCompose(before -> one);
            }
        }
        return written;
    }

    /** Those nobody tells of. Fails when the log cannot be read. */
    CompletionStage<Set<Life>> orphans() {
        Lives lives = new Lives(us, others, deaths);
        return means.log().read(lives).thenApply(done -> lives.orphans());
    }

    /** This node has been chosen to tell the leaves of that life and the ones before, and what was left to it. */
    void died(Life life) {
        deaths.add(life, means.nowMs());
    }

    /**
     * It has not died after all.
     *
     * @return whether its leaves may have been told
     */
    boolean revived(Life life) {
        boolean ours = claimed.remove(life);
        if (!ours && !deaths.include(life)) {
            return false;
        }
        deaths.remove(life);
        if (ours) {
            var _ = means.log().append(life.startKey().toJson(), PresenceRecord.start(life.node(), life.startMs()));
        }
        return ours;
    }

    /** All leaves have been told: nobody needs to know any more by whom. */
    List<EntryKey> finished() {
        List<EntryKey> starts = claimed.stream().map(Life::startKey).toList();
        claimed.clear();
        return starts;
    }
}
