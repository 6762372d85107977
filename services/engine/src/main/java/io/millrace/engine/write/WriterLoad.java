package io.millrace.engine.write;

/**
 * What a writer holds.
 *
 * @param queued mutations that wait
 * @param overlay committed writes that the store has not confirmed
 * @param rememberedIds mutation ids that would be answered as the first time
 */
public record WriterLoad(int queued, int overlay, int rememberedIds) {}
