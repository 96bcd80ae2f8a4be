package io.ringcast.match;

/**
 * The items of one page on their way to a subscriber.
 * Confined to the pipeline thread that runs match.
 */
final class HistoryRun
{
    final HistoryPage page;
    /** The block near the chain's end that it is of; null for blocks that the chain won't leave. */
    final TailBlock block;
    /** True if its items are told as removed, the last one first. */
    final boolean isRemoval;
    /** The position in the feed's history that it stands before; meaningful behind the seam. */
    final long position;
    private int sent;

    HistoryRun(final HistoryPage page, final TailBlock block, final boolean isRemoval, final long position)
    {
        this.page = page;
        this.block = block;
        this.isRemoval = isRemoval;
        this.position = position;
    }

    boolean isReady()
    {
        return page.isAnswered;
    }

    /**
     * Sends as much as there is room for.
     *
     * @return true if all of it is sent.
     */
    boolean trySend(final PatientSubscriber subscriber, final HistoryKind kind, final ReplayAnswer answer)
    {
        while (page.bytes != null && sent < page.count)
        {
            if (isHad(subscriber, kind))
            {
                sent++;
                continue;
            }
            if (!answer.hasRoom(page.lengths[isRemoval ? page.count - 1 - sent : sent]))
            {
                return false;
            }
            sendNext(subscriber, kind, answer);
            sent++;
        }
        if (block != null && !isRemoval)
        {
            block.isSent = true;
        }
        return true;
    }

    /** Whether the subscriber has named it as one that it had. */
    private boolean isHad(final PatientSubscriber subscriber, final HistoryKind kind)
    {
        return subscriber.had != null && !isRemoval && kind.isUpTo(page, sent, subscriber.had);
    }

    private void sendNext(final PatientSubscriber subscriber, final HistoryKind kind, final ReplayAnswer answer)
    {
        if (isRemoval)
        {
            final byte[] text = kind.removal(page, page.count - 1 - sent);
            answer.sendRead(subscriber, text, 0, text.length, page.answeredAtNs);
            return;
        }
        if (block != null)
        {
            block.isSent = true;
        }
        answer.sendRead(subscriber, page.bytes, page.offsets[sent], page.lengths[sent], page.answeredAtNs);
    }
}
