package io.millrace.engine.cron;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Functions;
import io.millrace.engine.port.CronSchedules;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Conditions;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.JsonNode;

/** The trigger type {@code cron}. */
public final class Cron implements TriggerType, AutoCloseable {
    /** What it is called in registrations. */
    public static final String TYPE = "cron";

    private final CronSchedules schedules;
    private final Means means;
    private final Map<String, Job> jobs = new HashMap<>();

    /**
     * What jobs live on.
     *
     * @param timeout how long a function may take; the job goes on without its answer then
     * @param claims who runs a job that others have, too
     */
    public record Means(
            Functions functions,
            Scheduler scheduler,
            InstantSource clock,
            Duration timeout,
            CronEvents events,
            Claims claims) {
        /** Where there is nobody else, not even another job of the same function and config. */
        public Means(
                Functions functions, Scheduler scheduler, InstantSource clock, Duration timeout, CronEvents events) {
            this(functions, scheduler, clock, timeout, events, Claims.ALONE);
        }
    }

    /** There are no jobs yet. */
    public Cron(CronSchedules schedules, Means means) {
        this.schedules = schedules;
        this.means = means;
    }

    @Override
    public String id() {
        return TYPE;
    }

    @Override
    public String description() {
        return "Calls a function at the times that a cron expression says, in UTC";
    }

    @Override
    public Json configFormat() {
        return Json.ofText("""
                {"type":"object","required":["expression"],"properties":{"expression":{"type":"string"},\
                "condition_function_id":{"type":"string"}}}""");
    }

    @Override
    public Json callFormat() {
        return Json.ofText("""
                {"type":"object","properties":{"trigger":{"const":"cron"},"job_id":{"type":"string"},\
                "scheduled_time":{"type":"string"},"actual_time":{"type":"string"}}}""");
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        JsonNode config = binding.config().tree();
        String expression = config.path("expression").asString("");
        if (expression.isEmpty()) {
            throw new TriggerRefusedException("Cron expression is required");
        }
        Job job;
        try {
            job = new Job(binding, schedules.read(expression), Conditions.of(config), means);
        } catch (CronSchedules.MalformedException e) {
            throw new TriggerRefusedException("Invalid cron expression '" + expression + "': " + e.getMessage());
        }
        synchronized (this) {
            if (jobs.putIfAbsent(binding.id(), job) != null) {
                throw new TriggerRefusedException("Cron job '" + binding.id() + "' is already registered");
            }
            means.events().jobs(jobs.size());
        }
        job.begin();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        Job job;
        synchronized (this) {
            job = jobs.remove(binding.id());
            means.events().jobs(jobs.size());
        }
        if (job != null) {
            job.end();
        }
    }

    /** No job runs any more. */
    @Override
    public void close() {
        List<Job> all;
        synchronized (this) {
            all = List.copyOf(jobs.values());
            jobs.clear();
        }
        all.forEach(Job::end);
    }
}
