package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;

/**
 * Which block is final, as far as an upstream has said so, and when to ask again.
 * Confined to the pipeline thread that runs correlate.
 */
final class FinalBlock
{
    /** The question; the id is put in on the way out. */
    static final byte[] QUESTION =
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"eth_getBlockByNumber\",\"params\":[\"finalized\",false]}"
            .getBytes(StandardCharsets.US_ASCII);
    static final int QUESTION_ID_OFFSET = 22;
    static final int QUESTION_ID_LENGTH = 1;

    /** How many heads pass between two questions; doubled while there is no answer, for nodes that know none. */
    private static final int MIN_HEADS = 8;
    private static final int MAX_HEADS = 1024;
    private static final byte[] NUMBER = "number".getBytes(StandardCharsets.US_ASCII);

    private final JsonCursor members = new JsonCursor();
    private long number = -1;
    private boolean isWanted;
    private int headsUntilQuestion = 1;
    private int headsBetweenQuestions = MIN_HEADS;

    boolean isFinal(final long blockNumber)
    {
        return blockNumber <= number;
    }

    /**
     * The shown head is another. A chain whose head stands at its final block, or below, has been begun anew, as test
     * nodes can: nothing is known of it.
     *
     * @return true if what was final is so no longer.
     */
    boolean tryForget(final long shownNumber)
    {
        final boolean isUndone = shownNumber >= 0 && shownNumber <= number;
        number = isUndone ? -1 : number;
        return isUndone;
    }

    /** Something could be kept if its block were known to be final. */
    void want()
    {
        isWanted = true;
    }

    /** A head has come; returns true if it is time to ask. */
    boolean onNewHead()
    {
        headsUntilQuestion--;
        if (!isWanted || headsUntilQuestion > 0)
        {
            return false;
        }
        isWanted = false;
        headsUntilQuestion = headsBetweenQuestions;
        headsBetweenQuestions = Math.min(MAX_HEADS, headsBetweenQuestions * 2);
        return true;
    }

    /** Takes the answer. One that claims as much as has been shown, or more, is not believed in full. */
    void onAnswer(final byte[] bytes, final FrameView view, final long shownNumber)
    {
        if (ClientCalls.isError(bytes, view) ||
            !members.tryBegin(bytes, view.resultOffset, view.resultLength) || !members.isObject())
        {
            return;
        }
        while (members.next())
        {
            if (members.isNamed(NUMBER))
            {
                final long claimed = HexWords.quantity(bytes, members.valueOffset, members.valueLength);
                number = Math.max(number, Math.min(claimed, shownNumber - 1));
                headsBetweenQuestions = MIN_HEADS;
                headsUntilQuestion = Math.min(headsUntilQuestion, MIN_HEADS);
            }
        }
    }
}
