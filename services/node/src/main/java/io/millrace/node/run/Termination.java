package io.millrace.node.run;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and its kin. The first one only asks: whoever waits closes everything and returns the exit code. A second one, or
 * a stop that takes too long, ends the process at once.
 *
 * <p>Not a shutdown hook: the JVM exits as soon as its hooks are through, while main is still closing, and it pays no heed to
 * a second Ctrl-C.
 */
public final class Termination implements AutoCloseable {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final CompletableFuture<Integer> asked = new CompletableFuture<>();
    private final Duration patience;
    private final IntConsumer halt;
    private volatile @Nullable Thread limit;

    Termination(Duration patience, IntConsumer halt) {
        this.patience = patience;
        this.halt = halt;
    }

    /**
     * Listens from now on.
     *
     * @param patience how long an orderly stop may take
     */
    public static Termination onSignal(Duration patience) {
        Termination termination = new Termination(patience, Runtime.getRuntime()::halt);
        SIGNALS.forEach((name, number) -> Signals.onSignal(name, () -> termination.ask(128 + number)));
        return termination;
    }

    /** Completes with the exit code when the process is to end. */
    public CompletableFuture<Integer> asked() {
        return asked;
    }

    /** Waits, and returns whether the process is to end. */
    public boolean askedWithin(Duration pause) throws InterruptedException {
        try {
            asked.get(pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks the process to end with this code, or makes it, if it has been asked already. */
    void ask(int exitCode) {
        if (!asked.complete(exitCode)) {
            halt.accept(exitCode);
            return;
        }
        limit = Thread.ofPlatform().daemon().name("millrace-stop-limit").start(() -> haltWhenLate(exitCode));
    }

    private void haltWhenLate(int exitCode) {
        try {
            Thread.sleep(patience);
        } catch (InterruptedException e) {
            return;
        }
        System.err.println("millrace: still not stopped after " + patience.toSeconds() + " s, so it ends here");
        halt.accept(exitCode);
    }

    /** Everything else is closed: from now on another Ctrl-C ends the process as it ends any other. */
    @Override
    public void close() {
        Thread late = limit;
        if (late != null) {
            late.interrupt();
        }
        SIGNALS.keySet().forEach(Signals::restore);
    }

    /** The JVM's signals, by reflection: the compiler has no name for what {@code jdk.unsupported} exports. */
    private static final class Signals {
        private Signals() {}

        static void onSignal(String name, Runnable action) {
            try {
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                MethodHandle run = MethodHandles.lookup()
                        .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                        .bindTo(action);
                Object listener = MethodHandleProxies.asInterfaceInstance(
                        handler, MethodHandles.dropArguments(run, 0, Class.forName("sun.misc.Signal")));
                set(name, handler, listener);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("signal " + name + ": cannot be listened to on this JVM", e);
            }
        }

        static void restore(String name) {
            try {
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                set(name, handler, handler.getField("SIG_DFL").get(null));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("signal " + name + ": cannot be given back on this JVM", e);
            }
        }

        private static void set(String name, Class<?> handler, Object listener) throws ReflectiveOperationException {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Object instance = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, instance, listener);
        }
    }
}
