package io.ringcast.transport.journal;

import java.util.HashMap;
import java.util.Map;

/**
 * The journal's part in the making of checkpoints: it sees when one is due, hands its records to the archive, and lets
 * it count at last. One is made at a time.
 * Confined to the journal's thread.
 */
final class CheckpointDesk
{
    /** One is due when as much as this part of maxBytes was recorded since the last, divided by the networks. */
    private static final int PART = 4;

    private final EmbeddedArchive archive;
    private final JournalSpace space;
    private final long maxBytes;
    private final Map<KeptChain, Shadow> shadows = new HashMap<>();
    private CheckpointPlan plan;
    private CheckpointRecording making;

    CheckpointDesk(final EmbeddedArchive archive, final JournalSpace space, final long maxBytes)
    {
        this.archive = archive;
        this.space = space;
        this.maxBytes = maxBytes;
    }

    /**
     * Adds what checkpoints are to be made of.
     *
     * @param chain  what they shorten.
     * @param shadow makes the network's stages once more.
     */
    void add(final KeptChain chain, final Shadow shadow)
    {
        shadows.put(chain, shadow);
    }

    /** The next checkpoint that is due, or null; until it is made or has failed there is no other. */
    CheckpointPlan nextDue()
    {
        if (plan != null)
        {
            return null;
        }
        for (final KeptChain chain : space.chains())
        {
            if (isDue(chain))
            {
                plan = new CheckpointPlan(chain, chain.chain(archive.asStored(
                    chain.ring().recording(), chain.networkName(), chain.ring().startPosition())),
                    shadows.get(chain), chain.tailBytes());
                return plan;
            }
        }
        return null;
    }

    private boolean isDue(final KeptChain chain)
    {
        return chain.isDue(maxBytes / PART / space.chains().size()) && !chain.ring().isBroken();
    }

    /** Whether none is made, and none is due. */
    boolean isAtRest()
    {
        return plan == null && space.chains().stream().noneMatch(this::isDue);
    }

    /** Begins the recording of the checkpoint. */
    CheckpointRecording begin()
    {
        making = new CheckpointRecording(
            archive.record(plan.networkName(), StoredRecording.CHECKPOINT_STREAM), System.nanoTime());
        space.setMaking(making);
        return making;
    }

    /** Hands the next records to the archive; how many. */
    int poll(final long nowNs)
    {
        return making == null ? 0 : making.poll(nowNs);
    }

    /** Ends the recording; all of it is written. */
    StoredRecording end()
    {
        final StoredRecording recording = archive.asStored(making.recording(), plan.networkName(), 0);
        making.onEnd();
        archive.end(making.recording());
        return recording;
    }

    /** The checkpoint counts from now on. */
    Void onMade(final StoredCheckpoint checkpoint)
    {
        space.setMaking(null);
        space.add(plan.chain(), checkpoint);
        making = null;
        plan = null;
        return null;
    }

    /** The checkpoint has failed; what there is of it is deleted. */
    Void onFailed()
    {
        final CheckpointRecording failed = making;
        plan.chain().onFailed(plan.tailBytes());
        making = null;
        plan = null;
        if (failed != null)
        {
            space.setMaking(null);
            if (failed.isOpen())
            {
                archive.end(failed.recording());
            }
            failed.recording().publication().close();
            archive.purge(failed.recording().recordingId());
        }
        return null;
    }

    /** No checkpoint can be made any more. */
    void fail(final String why)
    {
        if (making != null)
        {
            making.fail(why);
        }
    }
}
