package io.millrace.engine.surface;

import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Workers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What programs see of the engine: functions {@code engine::*}, and triggers on logs, functions and workers. */
public final class EngineSurface {
    private EngineSurface() {}

    /**
     * What there is to be seen.
     *
     * @param ids random, for triggers that are registered by a call
     * @param trouble says what is wrong with this node; null if nothing is
     * @param callDeadline how long a function called by a trigger may take
     * @param missed is run for every event that a trigger's function was too busy for
     * @param elsewhere what other nodes have
     */
    public record Means(
            Invoker functions,
            Triggers triggers,
            Workers workers,
            Channels channels,
            Logs logs,
            Supplier<UUID> ids,
            Scheduler scheduler,
            InstantSource clock,
            Supplier<@Nullable String> trouble,
            Duration callDeadline,
            Runnable missed,
            Elsewhere elsewhere) {
        /** Of the only node. */
        public Means(
                Invoker functions,
                Triggers triggers,
                Workers workers,
                Channels channels,
                Logs logs,
                Supplier<UUID> ids,
                Scheduler scheduler,
                InstantSource clock,
                Supplier<@Nullable String> trouble,
                Duration callDeadline,
                Runnable missed) {
            this(
                    functions,
                    triggers,
                    workers,
                    channels,
                    logs,
                    ids,
                    scheduler,
                    clock,
                    trouble,
                    callDeadline,
                    missed,
                    Elsewhere.NOWHERE);
        }
    }

    /** Adds all of it to the functions and the types of triggers that there are. */
    public static void add(Means means) {
        means.functions().add(functions(means));
        Audience.Means audience =
                new Audience.Means(means.functions(), means.clock(), means.callDeadline(), means.missed());
        LogTriggers logs = new LogTriggers(new Audience(audience));
        means.logs().listen(logs::logged);
        means.triggers().provide(logs);
        WorkersAvailable workers = new WorkersAvailable(new Audience(audience));
        means.workers().listen(workers);
        means.elsewhere().watch(workers::tell);
        means.triggers().provide(workers);
        FunctionsAvailable functions =
                new FunctionsAvailable(new Audience(audience), directory(means), means.scheduler());
        means.functions().onChange(id -> functions.changed());
        means.triggers().provide(functions);
    }

    private static Directory directory(Means means) {
        return new Directory(means.functions(), means.workers(), means.elsewhere());
    }

    private static List<LocalFunction> functions(Means means) {
        Directory directory = directory(means);
        Whole.Of whole = new Whole.Of(means.workers(), means.triggers(), means.elsewhere());
        FunctionListings functions = new FunctionListings(directory, whole);
        TriggerListings triggers = new TriggerListings(directory, functions, means.triggers(), whole);
        List<LocalFunction> all = new ArrayList<>(functions.all());
        all.addAll(triggers.all());
        all.addAll(new WorkerListings(
                        directory,
                        triggers,
                        means.workers(),
                        whole,
                        means.clock().instant())
                .all());
        all.addAll(new TriggerFunctions(means.triggers(), means.scheduler(), means.ids()).all());
        all.addAll(new LogFunctions(means.logs(), directory, means.clock()).all());
        all.addAll(new SmallFunctions(
                        means.channels(), directory, means.triggers(), means.workers(), means.trouble(), means.clock())
                .all());
        return all;
    }
}
