package io.ringcast.match;

import io.ringcast.session.ItemStamp;

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
    /** What it stands before; meaningful behind the seam, and else null. */
    private final RunPlace place;
    /** How many of the page's items are sent, or passed over. */
    int sent;
    /** The items of the block that is being sent begin there, and end before that. */
    private int blockStart;
    private int blockEnd;
    private boolean isBegun;

    HistoryRun(final HistoryPage page, final TailBlock block, final boolean isRemoval, final RunPlace place)
    {
        this.page = page;
        this.block = block;
        this.isRemoval = isRemoval;
        this.place = place;
    }

    /** The position in the feed's history that it stands before; higher than all while that is not known. */
    long position()
    {
        return place.position();
    }

    boolean isReady()
    {
        return page.isAnswered;
    }

    /** The same of another page that begins with the block of which it sends next. */
    HistoryRun of(final HistoryPage otherPage)
    {
        final HistoryRun run = new HistoryRun(otherPage, block, isRemoval, place);
        run.sent = sent;
        run.isBegun = isBegun;
        return run;
    }

    /** What is left of it if its page's items are not kept: they have to be asked for again. */
    HistoryRun forgotten()
    {
        if (block != null)
        {
            page.forget();
            return this;
        }
        if (sent == page.count)
        {
            page.dropBytes();
            return this;
        }
        final long first = sent == 0 ? page.firstNumber : page.numbers[sent];
        int before = 0;
        while (before < sent && page.numbers[sent - 1 - before] == first)
        {
            before++;
        }
        final HistoryRun run =
            of(new HistoryPage(HistoryPage.Kind.RANGE, page.reader, null, first, page.lastNumber, null));
        run.sent = before;
        return run;
    }

    /**
     * Sends as much as there is room for.
     *
     * @param order says which blocks the items are of; null if the subscriber does not want to know.
     * @return true if all of it is sent.
     */
    boolean trySend(
        final PatientSubscriber subscriber, final HistoryKind kind, final OrderedPast order, final ReplayAnswer answer)
    {
        begin(order);
        while (page.bytes != null && sent < page.count)
        {
            if (isHad(subscriber, kind))
            {
                passOver(order);
                continue;
            }
            if (order != null && !isRemoval && !order.tryMarkEmpty(page.numbers[sent], isOnChain(), answer) ||
                !answer.hasRoom(page.lengths[isRemoval ? page.count - 1 - sent : sent]))
            {
                return false;
            }
            final ItemStamp stamp = sendNext(subscriber, kind, answer);
            if (order != null)
            {
                mark(stamp, order);
            }
            sent++;
        }
        if (order != null && !isRemoval && !order.tryMarkEmpty(page.lastNumber + 1, isOnChain(), answer))
        {
            return false;
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

    private void begin(final OrderedPast order)
    {
        if (order == null || isBegun)
        {
            return;
        }
        isBegun = true;
        if (isRemoval)
        {
            order.onTakenBack(page.firstNumber);
        }
        else
        {
            order.onBegun(page.firstNumber);
        }
    }

    private void passOver(final OrderedPast order)
    {
        if (order != null)
        {
            order.onTold(page.numbers[sent]);
        }
        sent++;
    }

    /** What is still on its way of a block that the chain has left does not tell of that; its removal does. */
    private boolean isOnChain()
    {
        return block == null || !block.isLeft;
    }

    private void mark(final ItemStamp stamp, final OrderedPast order)
    {
        if (isRemoval)
        {
            order.mark(stamp, page.firstNumber, sent, page.count, true);
            return;
        }
        if (sent >= blockEnd)
        {
            blockStart = sent;
            while (blockStart > 0 && page.numbers[blockStart - 1] == page.numbers[sent])
            {
                blockStart--;
            }
            for (blockEnd = sent + 1; blockEnd < page.count && page.numbers[blockEnd] == page.numbers[sent]; )
            {
                blockEnd++;
            }
        }
        order.onTold(page.numbers[sent]);
        order.mark(stamp, page.numbers[sent], sent - blockStart, blockEnd - blockStart, isOnChain());
    }

    private ItemStamp sendNext(final PatientSubscriber subscriber, final HistoryKind kind, final ReplayAnswer answer)
    {
        if (isRemoval)
        {
            final byte[] text = kind.removal(page, page.count - 1 - sent);
            return answer.sendRead(subscriber, text, 0, text.length, page.answeredAtNs);
        }
        if (block != null)
        {
            block.isSent = true;
        }
        return answer.sendRead(
            subscriber, page.bytes, page.offsets[sent], page.lengths[sent], page.answeredAtNs);
    }
}
