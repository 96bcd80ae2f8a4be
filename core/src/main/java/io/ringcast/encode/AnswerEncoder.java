package io.ringcast.encode;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import org.agrona.collections.Long2ObjectHashMap;

import java.util.Comparator;

/**
 * Writes the answers to clients' calls; those of a batch are kept until it is complete, and so are the topics that were
 * subscribed to in it.
 * Confined to the pipeline thread that runs encode.
 */
final class AnswerEncoder
{
    /** So many batches may wait for their last answers that are as large as can be. */
    static final int LIMIT_FULL_BATCHES = 8;

    private final FrameWriter frames;
    private final LoopActions loops;
    private final ErrorText errorText;
    private final int batchResponseBytes;
    private final CounterSet counters;
    private final Long2ObjectHashMap<PendingBatch> batches = new Long2ObjectHashMap<>();
    /** What all batches together keep. */
    private long keptBytes;

    /**
     * Creates it without batches.
     *
     * @param frames             writes the texts.
     * @param loops              opens the topics of a batch.
     * @param errorText          writes the relay's own errors.
     * @param batchResponseBytes how many bytes the answers of one batch may have together.
     * @param counters           the pipeline thread's counters.
     */
    AnswerEncoder(
        final FrameWriter frames, final LoopActions loops, final ErrorText errorText, final int batchResponseBytes,
        final CounterSet counters)
    {
        this.frames = frames;
        this.loops = loops;
        this.errorText = errorText;
        this.batchResponseBytes = batchResponseBytes;
        this.counters = counters;
    }

    /** A batch was received: its answers are to leave as one array. */
    void beginBatch(final CorrelatedAction action, final ActionList<EgressAction> out)
    {
        if (action.elementCount > 0)
        {
            batches.put(action.to.batchId, new PendingBatch(action.to.connectionId, action.elementCount));
        }
        else if (ConnectionId.isCallsOnly(action.to.connectionId))
        {
            // Nothing but calls without an id: an HTTP request waits all the same.
            frames.beginText();
            frames.write(action.to.connectionId, out);
        }
    }

    /** An upstream's answer, as it was received but for the id. */
    void replyText(final CorrelatedAction action, final ActionList<EgressAction> out)
    {
        frames.beginText()
            .add(action.bytes, action.textOffset, action.idOffset - action.textOffset)
            .add(action.to.idToken, 0, action.to.idLength)
            .add(action.bytes, action.idOffset + action.idLength,
                action.textOffset + action.textLength - action.idOffset - action.idLength);
        reply(action.to, out);
    }

    void replyResult(final MatchedAction action, final ActionList<EgressAction> out)
    {
        replyMember(action.to, Envelope.RESULT_MEMBER, action.bytes, action.offset, action.length, out);
    }

    void replyErrorObject(final MatchedAction action, final ActionList<EgressAction> out)
    {
        replyMember(action.to, Envelope.ERROR_MEMBER, action.bytes, action.offset, action.length, out);
    }

    void replyError(
        final ReplyAddress to, final int code, final String message, final ActionList<EgressAction> out)
    {
        final byte[] error = errorText.write(code, message);
        replyMember(to, Envelope.ERROR_MEMBER, error, 0, error.length, out);
    }

    /** A fault occurred in an answer: the caller is told, unless the answer is in its batch already. */
    void answerFailed(final ReplyAddress to, final ActionList<EgressAction> out)
    {
        final PendingBatch batch = batches.get(to.batchId);
        if (batch == null || batch.answers[to.batchIndex] == null)
        {
            replyError(to, RpcError.INTERNAL, "internal error", out);
        }
    }

    /** Opens a topic, at once or when the batch that subscribed to it has been written. */
    void open(final MatchedAction action, final ActionList<EgressAction> out)
    {
        final PendingBatch batch =
            action.to.batchId == ReplyAddress.NO_BATCH ? null : batches.get(action.to.batchId);
        if (batch == null)
        {
            loops.open(action.to.connectionId, PendingBatch.Opening.of(action), out);
        }
        else
        {
            batch.topicsToOpen.add(PendingBatch.Opening.of(action));
        }
    }

    /** A topic may be left before the batch that subscribed to it is complete. */
    void forgetOpening(final MatchedAction action)
    {
        for (final PendingBatch batch : batches.values())
        {
            if (batch.connectionId == action.to.connectionId)
            {
                batch.topicsToOpen.removeIf(opening -> opening.topic() == action.topic);
            }
        }
    }

    /** The unfinished batches of a connection that went can't be delivered. */
    void onClientClosed(final long connectionId)
    {
        if (!batches.isEmpty())
        {
            batches.values().removeIf(batch ->
            {
                final boolean isGone = batch.connectionId == connectionId;
                keptBytes -= isGone ? batch.keptBytes : 0;
                return isGone;
            });
        }
    }

    void clear()
    {
        batches.clear();
        keptBytes = 0;
    }

    private void replyMember(
        final ReplyAddress to, final byte[] member, final byte[] bytes, final int offset, final int length,
        final ActionList<EgressAction> out)
    {
        frames.beginText()
            .add(Envelope.ID_MEMBER)
            .add(to.idToken, 0, to.idLength)
            .add(member)
            .add(bytes, offset, length)
            .add(Envelope.END);
        reply(to, out);
    }

    /** Sends the text that was gathered to a caller, or keeps it until its batch is complete. */
    private void reply(final ReplyAddress to, final ActionList<EgressAction> out)
    {
        if (to.batchId == ReplyAddress.NO_BATCH)
        {
            frames.write(to.connectionId, out);
            return;
        }
        final PendingBatch batch = batches.get(to.batchId);
        if (batch == null)
        {
            counters.increment(RelayCounter.REPLIES_TO_GONE);
            return;
        }
        final int length = frames.text().lengthBytes();
        if (batch.lengthBytes + length > batchResponseBytes)
        {
            refuse(to, RpcError.RESPONSE_TOO_LARGE, "response too large");
        }
        else if (batch.owed > 1 && keptBytes + length > (long)LIMIT_FULL_BATCHES * batchResponseBytes)
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(
                to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many large answers wait for those of their batches");
        }
        keptBytes += batch.put(to.batchIndex, frames.text().toArray());
        if (batch.owed == 0)
        {
            batches.remove(to.batchId);
            keptBytes -= batch.keptBytes;
            writeBatch(batch, out);
        }
    }

    /** Puts an error in the place of the answer that was gathered. */
    private void refuse(final ReplyAddress to, final int code, final String message)
    {
        final byte[] error = errorText.write(code, message);
        frames.beginText()
            .add(Envelope.ID_MEMBER)
            .add(to.idToken, 0, to.idLength)
            .add(Envelope.ERROR_MEMBER)
            .add(error)
            .add(Envelope.END);
    }

    private void writeBatch(final PendingBatch batch, final ActionList<EgressAction> out)
    {
        frames.beginText().add(batch.toText());
        frames.write(batch.connectionId, out);
        batch.topicsToOpen.sort(Comparator.comparingInt(PendingBatch.Opening::batchIndex));
        for (final PendingBatch.Opening opening : batch.topicsToOpen)
        {
            loops.open(batch.connectionId, opening, out);
        }
    }
}
