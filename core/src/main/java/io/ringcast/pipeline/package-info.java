/**
 * The ring and what runs on it: the slot, step 3 that fills it, the stages as thin handlers round plain classes, and
 * the wiring of each threading mode in {@link io.ringcast.pipeline.RelayPipeline}.
 */
package io.ringcast.pipeline;
