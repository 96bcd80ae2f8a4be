package io.ringcast.transport.journal;

import java.io.IOException;
import java.util.Comparator;
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
    private static final String BROKEN = "the journal is broken";

    private final EmbeddedArchive archive;
    private final JournalSpace space;
    private final long maxBytes;
    private final Map<KeptChain, Shadow> shadows = new HashMap<>();
    private CheckpointPlan plan;
    private CheckpointRecording making;
    /** Why no checkpoint can be made any more, or null. */
    private String end;

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
        final KeptChain chain = longestDue();
        if (chain != null)
        {
            plan = new CheckpointPlan(chain, chain.chain(archive.asStored(
                chain.ring().recording(), chain.networkName(), chain.ring().startPosition())),
                shadows.get(chain), chain.tailBytes());
        }
        return plan;
    }

    /** The longest: where checkpoints take longer than it takes until the next is due, none must be left behind. */
    KeptChain longestDue()
    {
        return space.chains().stream().filter(this::isDue).max(Comparator.comparingLong(KeptChain::tailBytes))
            .orElse(null);
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
    CheckpointRecording begin() throws IOException
    {
        if (end != null || plan.chain().ring().isBroken())
        {
            throw new IOException(end == null ? BROKEN : end);
        }
        making = new CheckpointRecording(
            archive.record(plan.networkName(), StoredRecording.CHECKPOINT_STREAM), System.nanoTime());
        space.setMaking(making);
        return making;
    }

    /** Hands the next records to the archive; how many. */
    int poll(final long nowNs)
    {
        if (making != null && plan.chain().ring().isBroken())
        {
            making.fail(BROKEN);
        }
        if (making != null && making.fault() != null)
        {
            giveUp();
        }
        return making == null ? 0 : making.poll(nowNs);
    }

    /** Ends the recording; all of it is written. */
    StoredRecording end() throws IOException
    {
        checkMaking();
        final StoredRecording recording = archive.asStored(making.recording(), plan.networkName(), 0);
        making.onEnd();
        archive.end(making.recording());
        return recording;
    }

    /** The checkpoint counts from now on. */
    Void onMade(final StoredCheckpoint checkpoint) throws IOException
    {
        checkMaking();
        space.setMaking(null);
        space.add(plan.chain(), checkpoint);
        making = null;
        plan = null;
        return null;
    }

    /** It is given up here first, and whoever makes it may not know yet. */
    private void checkMaking() throws IOException
    {
        if (making == null)
        {
            throw new IOException("the checkpoint was given up");
        }
    }

    /** The checkpoint has failed. */
    Void onFailed()
    {
        final CheckpointPlan failed = plan;
        plan = null;
        failed.chain().onFailed(failed.tailBytes());
        if (making != null)
        {
            giveUp();
        }
        return null;
    }

    /** Its space is free from now on, whatever the thread that makes it is at; what there is of it is deleted. */
    private void giveUp()
    {
        final CheckpointRecording failed = making;
        making = null;
        space.setMaking(null);
        if (end != null)
        {
            // Of an archive that has failed nobody may wait for an answer.
            return;
        }
        if (failed.isOpen())
        {
            archive.end(failed.recording());
        }
        failed.recording().publication().close();
        space.addFailed(archive.asFailed(failed.recording(), failed.offeredBytes()));
    }

    /** No checkpoint can be made any more. */
    void fail(final String why)
    {
        end = why;
        if (making != null)
        {
            making.fail(why);
        }
    }
}
