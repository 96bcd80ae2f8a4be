package io.ringcast.encode;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.Topic;

import java.util.ArrayList;
import java.util.List;

/**
 * A batch of answers on its way to being complete.
 * Confined to the pipeline thread that runs encode.
 */
final class PendingBatch
{
    /** A topic that was subscribed to, and what its subscriber asked for. */
    record Opening(
        Topic topic, DeliveryOptions options, long nextSequence, boolean isPatient, boolean isCatchingUp,
        int grant, boolean isPast, long sequence, int batchIndex)
    {
        static Opening of(final MatchedAction action)
        {
            return new Opening(
                action.topic, action.options, action.nextSequence, action.isPatient, action.isCatchingUp,
                action.grant, action.isPast, action.sequence, action.to.batchIndex);
        }
    }

    final long connectionId;
    /** The answers in the order of the calls; null where one is still owed. */
    final byte[][] answers;
    /** Topics that were subscribed to in this batch: opened when the array has been written, as geth does. */
    final List<Opening> topicsToOpen = new ArrayList<>(0);
    int owed;
    long lengthBytes = 2;
    /** What its answers take so far. */
    long keptBytes;

    PendingBatch(final long connectionId, final int answerCount)
    {
        this.connectionId = connectionId;
        answers = new byte[answerCount][];
        owed = answerCount;
    }

    /** Keeps an answer; returns what it takes. */
    int put(final int index, final byte[] answer)
    {
        answers[index] = answer;
        lengthBytes += answer.length + 1;
        keptBytes += answer.length;
        owed--;
        return answer.length;
    }

    /** The array as one text. */
    byte[] toText()
    {
        final byte[] text = new byte[(int)lengthBytes - 1];
        int position = 0;
        byte separator = '[';
        for (final byte[] answer : answers)
        {
            text[position++] = separator;
            System.arraycopy(answer, 0, text, position, answer.length);
            position += answer.length;
            separator = ',';
        }
        text[position] = ']';
        return text;
    }
}
