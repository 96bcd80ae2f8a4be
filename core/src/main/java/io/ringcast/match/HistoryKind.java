package io.ringcast.match;

import io.ringcast.lane.Head;
import io.ringcast.session.PortableCursor;

/**
 * What differs between the kinds of items whose past can be read.
 * Called on the pipeline thread that runs match.
 */
interface HistoryKind
{
    /** The call for the items of some blocks. */
    String rangeCall(long firstNumber, long lastNumber);

    /** How many blocks one such call may ask for. */
    int limitBlocks();

    /** How many calls one reader may have under way. */
    int limitCalls();

    /** The call for the items of one block. */
    String blockCall(long[] hash);

    /**
     * Reads an answer to either: notes its items, those that are wanted, and keeps their bytes.
     *
     * @return false if it can't be the answer.
     */
    boolean tryRead(HistoryPage page, byte[] bytes, int offset, int length);

    /** Whether an item of an answer stands at a place on the chain, or before it in the same block. */
    boolean isUpTo(HistoryPage page, int item, PortableCursor place);

    /** Whether items are told as removed when the chain leaves their block. */
    boolean tellsRemovals();

    /** The text that tells an item as removed. */
    byte[] removal(HistoryPage page, int item);

    /**
     * Finds a block behind which one can go on with what is published.
     *
     * @param seam takes the block, and the position in the feed's history of the first item that is not of it or of
     *             one before.
     * @return false if there is none now.
     */
    boolean tryFindSeam(HistorySeam seam);

    /** Up to which block all items are published; a low number while that is not known. */
    long wholeNumber();

    /** The position in the feed's history that whatever is published now of a new branch goes to, at the least. */
    long nextPosition();

    /** Where whatever is published now of a new branch goes to. */
    RunPlace placeOfNext();

    /** Where what comes of a head that was just published goes to. */
    RunPlace placeBefore(Head head);

    /** Whether what follows in the feed's history takes care of a block whose items were read, should it be left. */
    boolean isTold(HistoryPage page);
}
