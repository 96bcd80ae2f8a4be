package io.ringcast.transport.journal;

import java.util.function.Supplier;

/**
 * What checkpoints of a network are made of.
 * Immutable.
 *
 * @param stages makes its stages as they are at the beginning; called by the thread that makes checkpoints.
 * @param status tells of them.
 */
public record Shadow(Supplier<ShadowStages> stages, CheckpointStatus status)
{
}
