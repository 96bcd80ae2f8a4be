package io.ringcast.encode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.EgressAction;
import io.ringcast.session.FailedForwards;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.SlotReadings;
import io.ringcast.session.StageClock;
import io.ringcast.session.Stamping;
import io.ringcast.session.Topic;
import org.agrona.collections.Long2ObjectHashMap;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.function.LongSupplier;

/**
 * Builds every frame that leaves: each item once for all its subscribers, each answer for its caller.
 * Confined to the pipeline thread that runs encode.
 *
 * <p>Payload bytes are copied once, from the received text into the frame; they are never parsed into objects or
 * written anew. Frames for clients are whole WebSocket frames; what goes to an upstream is the bare text, since that
 * door adds a masked header of its own.
 */
public final class Encoder implements AutoCloseable
{
    private static final byte[] ID_MEMBER = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] RESULT_MEMBER = ascii(",\"result\":");
    private static final byte[] ERROR_MEMBER = ascii(",\"error\":");
    private static final byte[] COMMA = ascii(",");
    private static final byte[] END = ascii("}");

    private final int batchResponseBytes;
    private final int[] laneLoops;
    private final FailedForwards failedForwards;
    private final CounterSet counters;
    private final FrameArena arena;
    private final ErrorText errorText;
    private final Segments segments = new Segments();
    private final StageClock clock;
    private final RelayMember relayMember;
    private final ItemFields itemFields = new ItemFields();
    private final TextBuffer variant = new TextBuffer();
    private final byte[] decimal = new byte[20];
    private final Long2ObjectHashMap<PendingBatch> batches = new Long2ObjectHashMap<>();
    private long sequence;
    private long loopMask;

    /**
     * Creates it without chunks.
     *
     * @param errorEnd           what stands behind the message of an error; mostly nothing.
     * @param beside             what stands beside the items of those who asked for it.
     * @param batchResponseBytes how many bytes the answers of one batch may have together.
     * @param laneLoops          for each upstream, the index of the loop that writes to it.
     * @param allocator          makes the chunks.
     * @param passedSequence     the last slot that every loop has passed.
     * @param failedForwards     takes the calls that could not be encoded.
     * @param counters           the pipeline thread's counters.
     */
    public Encoder(
        final String errorEnd, final Stamping beside, final int batchResponseBytes, final int[] laneLoops,
        final ByteBufAllocator allocator, final LongSupplier passedSequence, final FailedForwards failedForwards,
        final CounterSet counters)
    {
        clock = new StageClock(beside.clock());
        errorText = new ErrorText(errorEnd);
        relayMember = new RelayMember(beside.epoch(), beside.laneNames(), beside.clockErrorNs(), clock);
        this.failedForwards = failedForwards;
        this.batchResponseBytes = batchResponseBytes;
        this.laneLoops = laneLoops.clone();
        this.counters = counters;
        arena = new FrameArena(allocator, passedSequence);
    }

    /**
     * Begins a slot.
     *
     * @param slotSequence its sequence; chunks are kept until every loop has passed it.
     * @param readings     takes what is read off the clock, or gives what was.
     */
    public void begin(final long slotSequence, final SlotReadings readings)
    {
        clock.begin(readings);
        sequence = slotSequence;
        loopMask = 0;
    }

    /**
     * Tells which loops have work in the slot.
     *
     * @return bit i is set for loop i.
     */
    public long loopMask()
    {
        return loopMask;
    }

    /** Gives back chunks that every loop has passed; once at the end of a batch. */
    public void releasePassed()
    {
        arena.releasePassed();
    }

    /**
     * Encodes what correlate left, as far as it goes out.
     *
     * @param action one action.
     * @param out    takes what the loops are to do.
     */
    public void onAction(final CorrelatedAction action, final ActionList<EgressAction> out)
    {
        switch (action.kind)
        {
            case FORWARD:
                forward(action, out);
                break;

            case REPLY_TEXT:
                segments.clear()
                    .add(action.bytes, action.textOffset, action.idOffset - action.textOffset)
                    .add(action.to.idToken, 0, action.to.idLength)
                    .add(action.bytes, action.idOffset + action.idLength,
                        action.textOffset + action.textLength - action.idOffset - action.idLength);
                reply(action.to, out);
                break;

            case REPLY_ERROR:
                replyError(action.to, action.errorCode, action.errorMessage, out);
                break;

            case BATCH:
                if (action.elementCount > 0)
                {
                    batches.put(action.to.batchId, new PendingBatch(action.to.connectionId, action.elementCount));
                }
                else if (ConnectionId.isCallsOnly(action.to.connectionId))
                {
                    // Nothing but calls without an id: an HTTP request waits all the same.
                    segments.clear();
                    write(action.to.connectionId, out);
                }
                break;

            default:
                break;
        }
    }

    /**
     * Encodes what match left.
     *
     * @param action one action.
     * @param out    takes what the loops are to do.
     */
    public void onAction(final MatchedAction action, final ActionList<EgressAction> out)
    {
        switch (action.kind)
        {
            case PUBLISH:
                publish(action, out);
                break;

            case PUBLISH_ERROR:
                publishError(action, out);
                break;

            case REPLY_RESULT:
                replyMember(action.to, RESULT_MEMBER, action.bytes, action.offset, action.length, out);
                break;

            case REPLY_ERROR:
                replyError(action.to, action.errorCode, action.errorMessage, out);
                break;

            case REPLY_ERROR_OBJECT:
                replyMember(action.to, ERROR_MEMBER, action.bytes, action.offset, action.length, out);
                break;

            case OPEN:
                open(action, out);
                break;

            case CUT_OFF:
                endReplay(EgressAction.Kind.CUT_OFF, action, out);
                break;

            case MEASURE:
                endReplay(EgressAction.Kind.MEASURE, action, out);
                break;

            case TELL:
                segments.clear().add(action.topic.itemPrefix).add(action.bytes, action.offset, action.length)
                    .add(action.topic.itemSuffix);
                write(action.to.connectionId, out);
                break;

            case TAKE_OVER:
                endReplay(EgressAction.Kind.TAKE_OVER, action, out);
                break;

            case REPLAY:
                replay(action, out);
                break;

            case REPLAY_PAUSED:
                endReplay(EgressAction.Kind.REPLAY_PAUSED, action, out);
                break;

            case REPLAY_DONE:
                endReplay(EgressAction.Kind.REPLAY_DONE, action, out);
                break;

            case REPLAY_PARKED:
                endReplay(EgressAction.Kind.REPLAY_PARKED, action, out);
                break;

            case SHUT:
                forgetOpening(action);
                addTopicAction(EgressAction.Kind.SHUT, action.to.connectionId, action.topic, out);
                break;

            case RELEASE:
                addTopicAction(EgressAction.Kind.RELEASE, ConnectionId.NONE, action.topic, out);
                break;

            case RESET_LANE:
                final EgressAction reset = out.add();
                reset.kind = EgressAction.Kind.RESET_UPSTREAM;
                reset.laneIndex = action.laneIndex;
                loopMask |= 1L << laneLoops[action.laneIndex];
                break;

            default:
                ownCall(action, out);
                break;
        }
    }

    /**
     * Forgets a connection: its unfinished batches can't be delivered.
     *
     * @param connectionId who went.
     */
    public void onClientClosed(final long connectionId)
    {
        if (!batches.isEmpty())
        {
            batches.values().removeIf(batch -> batch.connectionId == connectionId);
        }
    }

    /**
     * Answers for an action in which a fault occurred, if it was an answer itself. Of a call that could not be
     * forwarded correlate is told, which alone can answer it: two would answer it twice.
     *
     * @param action the action.
     * @param out    takes what the loops are to do.
     */
    public void answerFailed(final CorrelatedAction action, final ActionList<EgressAction> out)
    {
        if (action.kind == CorrelatedAction.Kind.REPLY_TEXT || action.kind == CorrelatedAction.Kind.REPLY_ERROR)
        {
            answerFailed(action.to, out);
        }
        else if (action.kind == CorrelatedAction.Kind.FORWARD && action.idOffset >= 0)
        {
            failedForwards.add(action.upstreamRequestId, action.laneIndex);
        }
    }

    /**
     * As for what correlate left.
     *
     * @param action the action.
     * @param out    takes what the loops are to do.
     */
    public void answerFailed(final MatchedAction action, final ActionList<EgressAction> out)
    {
        if (action.kind == MatchedAction.Kind.REPLY_RESULT || action.kind == MatchedAction.Kind.REPLY_ERROR ||
            action.kind == MatchedAction.Kind.REPLY_ERROR_OBJECT)
        {
            answerFailed(action.to, out);
        }
    }

    private void answerFailed(final ReplyAddress to, final ActionList<EgressAction> out)
    {
        final PendingBatch batch = batches.get(to.batchId);
        if (batch == null || batch.answers[to.batchIndex] == null)
        {
            replyError(to, RpcError.INTERNAL, "internal error", out);
        }
    }

    private void replyError(
        final ReplyAddress to, final int code, final String message, final ActionList<EgressAction> out)
    {
        final byte[] error = errorText.write(code, message);
        replyMember(to, ERROR_MEMBER, error, 0, error.length, out);
    }

    /** Gives all chunks back; after the loops have stopped. */
    @Override
    public void close()
    {
        batches.clear();
        arena.close();
    }

    private void forward(final CorrelatedAction action, final ActionList<EgressAction> out)
    {
        segments.clear();
        if (action.idOffset < 0)
        {
            segments.add(action.bytes, action.textOffset, action.textLength);
        }
        else
        {
            final int digits = writeDecimal(action.upstreamRequestId);
            segments
                .add(action.bytes, action.textOffset, action.idOffset - action.textOffset)
                .add(decimal, decimal.length - digits, digits)
                .add(action.bytes, action.idOffset + action.idLength,
                    action.textOffset + action.textLength - action.idOffset - action.idLength);
        }
        writeUpstream(action.laneIndex, out);
    }

    private void ownCall(final MatchedAction action, final ActionList<EgressAction> out)
    {
        assert OwnCallId.isOwn(action.upstreamRequestId);
        final int digits = writeDecimal(action.upstreamRequestId);
        segments.clear()
            .add(ID_MEMBER)
            .add(decimal, decimal.length - digits, digits)
            .add(COMMA)
            .add(action.bytes, action.offset, action.length)
            .add(END);
        writeUpstream(action.laneIndex, out);
    }

    private void writeUpstream(final int laneIndex, final ActionList<EgressAction> out)
    {
        final ByteBuf chunk = arena.take(segments.lengthBytes(), sequence);
        final EgressAction write = out.add();
        write.kind = EgressAction.Kind.WRITE_UPSTREAM;
        write.laneIndex = laneIndex;
        write.chunk = chunk;
        write.offset = arena.takenOffset();
        write.length = segments.lengthBytes();
        segments.writeTo(chunk, write.offset);
        loopMask |= 1L << laneLoops[laneIndex];
    }

    private void publish(final MatchedAction action, final ActionList<EgressAction> out)
    {
        addItem(EgressAction.Kind.FAN_OUT, action, out);
        loopMask |= action.loopMask;
    }

    /** It takes an item's way, so that it comes behind the items. */
    private void publishError(final MatchedAction action, final ActionList<EgressAction> out)
    {
        segments.clear().add(action.topic.errorPrefix).add(action.bytes, action.offset, action.length)
            .add(action.topic.errorSuffix);
        final EgressAction error = addFrame(out);
        error.kind = EgressAction.Kind.FAN_OUT;
        error.topicId = action.topic.topicId;
        error.sequence = action.sequence;
        error.itemOffset = error.offset + error.length - segments.lengthBytes() + action.topic.errorPrefix.length;
        error.itemLength = action.length;
        loopMask |= action.loopMask;
    }

    private void replay(final MatchedAction action, final ActionList<EgressAction> out)
    {
        final EgressAction replay = addItem(EgressAction.Kind.REPLAY, action, out);
        replay.connectionId = action.to.connectionId;
        replay.ticket = action.ticket;
        loopMask |= 1L << ConnectionId.loopIndex(replay.connectionId);
    }

    private void endReplay(
        final EgressAction.Kind kind, final MatchedAction action, final ActionList<EgressAction> out)
    {
        final EgressAction end = out.add();
        end.kind = kind;
        end.connectionId = action.to.connectionId;
        end.topicId = action.topicId;
        end.ticket = action.ticket;
        end.wasParked = action.wasParked;
        end.sequence = action.sequence;
        loopMask |= 1L << ConnectionId.loopIndex(end.connectionId);
    }

    private EgressAction addItem(
        final EgressAction.Kind kind, final MatchedAction action, final ActionList<EgressAction> out)
    {
        segments.clear().add(action.topic.itemPrefix);
        int itemLength = action.length;
        if (action.topic.isPlain)
        {
            segments.add(action.bytes, action.offset, action.length);
        }
        else
        {
            itemLength = addVariant(action);
        }
        segments.add(action.topic.itemSuffix);
        final EgressAction item = addFrame(out);
        item.kind = kind;
        item.topicId = action.topic.topicId;
        item.sequence = action.sequence;
        item.itemOffset = item.offset + item.length - segments.lengthBytes() + action.topic.itemPrefix.length;
        item.itemLength = itemLength;
        return item;
    }

    /** Adds the item as its topic wants it, and what stands beside it; gives the item's length. */
    private int addVariant(final MatchedAction action)
    {
        variant.clear();
        if (action.topic.fields != null)
        {
            itemFields.write(action.topic.fields, action.bytes, action.offset, action.length, variant);
        }
        final int fieldsLength = variant.length();
        relayMember.write(action.topic.isStamped, action.sequence, action.stamp, variant);
        if (action.topic.fields != null)
        {
            segments.add(variant.bytes(), 0, variant.length());
            return fieldsLength;
        }
        segments.add(action.bytes, action.offset, action.length);
        segments.add(variant.bytes(), 0, variant.length());
        return action.length;
    }

    private void replyMember(
        final ReplyAddress to, final byte[] member, final byte[] bytes, final int offset, final int length,
        final ActionList<EgressAction> out)
    {
        segments.clear()
            .add(ID_MEMBER)
            .add(to.idToken, 0, to.idLength)
            .add(member)
            .add(bytes, offset, length)
            .add(END);
        reply(to, out);
    }

    /** Sends the text in {@link #segments} to a caller, or keeps it until its batch is complete. */
    private void reply(final ReplyAddress to, final ActionList<EgressAction> out)
    {
        if (to.batchId == ReplyAddress.NO_BATCH)
        {
            write(to.connectionId, out);
            return;
        }
        final PendingBatch batch = batches.get(to.batchId);
        if (batch == null)
        {
            counters.increment(RelayCounter.REPLIES_TO_GONE);
            return;
        }
        if (batch.lengthBytes + segments.lengthBytes() > batchResponseBytes)
        {
            final byte[] error = errorText.write(RpcError.RESPONSE_TOO_LARGE, "response too large");
            segments.clear().add(ID_MEMBER).add(to.idToken, 0, to.idLength).add(ERROR_MEMBER).add(error).add(END);
        }
        batch.put(to.batchIndex, segments.toArray());
        if (batch.owed == 0)
        {
            batches.remove(to.batchId);
            segments.clear().add(batch.toText());
            write(batch.connectionId, out);
            batch.topicsToOpen.sort(Comparator.comparingInt(PendingBatch.Opening::batchIndex));
            for (final PendingBatch.Opening opening : batch.topicsToOpen)
            {
                addOpen(batch.connectionId, opening, out);
            }
        }
    }

    private void open(final MatchedAction action, final ActionList<EgressAction> out)
    {
        final PendingBatch batch =
            action.to.batchId == ReplyAddress.NO_BATCH ? null : batches.get(action.to.batchId);
        if (batch == null)
        {
            addOpen(action.to.connectionId, PendingBatch.Opening.of(action), out);
        }
        else
        {
            batch.topicsToOpen.add(PendingBatch.Opening.of(action));
        }
    }

    /** A topic may be left before the batch that subscribed to it is complete. */
    private void forgetOpening(final MatchedAction action)
    {
        for (final PendingBatch batch : batches.values())
        {
            if (batch.connectionId == action.to.connectionId)
            {
                batch.topicsToOpen.removeIf(opening -> opening.topic() == action.topic);
            }
        }
    }

    private void write(final long connectionId, final ActionList<EgressAction> out)
    {
        final EgressAction write = addFrame(out);
        write.kind = EgressAction.Kind.WRITE;
        write.connectionId = connectionId;
        loopMask |= 1L << ConnectionId.loopIndex(connectionId);
    }

    /** Takes the bytes first: an action without them must not be left behind if there are none to take. */
    private EgressAction addFrame(final ActionList<EgressAction> out)
    {
        counters.increment(RelayCounter.FRAMES_ENCODED);
        final int payloadBytes = segments.lengthBytes();
        final int headerBytes = WebSocketFrameEncoder.headerBytes(payloadBytes);
        final ByteBuf chunk = arena.take(headerBytes + payloadBytes, sequence);
        final EgressAction action = out.add();
        action.chunk = chunk;
        action.offset = arena.takenOffset();
        action.length = headerBytes + payloadBytes;
        WebSocketFrameEncoder.writeHeader(action.chunk, action.offset, payloadBytes);
        segments.writeTo(action.chunk, action.offset + headerBytes);
        return action;
    }

    private void addOpen(
        final long connectionId, final PendingBatch.Opening opening, final ActionList<EgressAction> out)
    {
        final EgressAction open = addTopicAction(EgressAction.Kind.OPEN, connectionId, opening.topic(), out);
        open.options = opening.options();
        open.nextSequence = opening.nextSequence();
        open.isPatient = opening.isPatient();
        open.isCatchingUp = opening.isCatchingUp();
        open.sequence = opening.sequence();
    }

    private EgressAction addTopicAction(
        final EgressAction.Kind kind, final long connectionId, final Topic topic, final ActionList<EgressAction> out)
    {
        final EgressAction action = out.add();
        action.kind = kind;
        action.connectionId = connectionId;
        action.topicId = topic.topicId;
        if (connectionId != ConnectionId.NONE)
        {
            loopMask |= 1L << ConnectionId.loopIndex(connectionId);
        }
        return action;
    }

    private int writeDecimal(final long value)
    {
        long left = value;
        int position = decimal.length;
        do
        {
            decimal[--position] = (byte)('0' + left % 10);
            left /= 10;
        }
        while (left > 0);
        return decimal.length - position;
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
