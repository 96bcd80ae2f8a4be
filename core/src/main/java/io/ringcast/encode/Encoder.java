package io.ringcast.encode;

import io.netty.buffer.ByteBufAllocator;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.EgressAction;
import io.ringcast.session.FailedForwards;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.SlotReadings;
import io.ringcast.session.StageClock;
import io.ringcast.session.Stamping;

import java.util.function.LongSupplier;

/**
 * Builds every frame that leaves: each item once for all its subscribers, each answer for its caller.
 * Confined to the pipeline thread that runs encode.
 *
 * <p>Payload bytes are copied once, from the received text into the frame; they are never parsed into objects or
 * written anew. Frames for clients are whole WebSocket frames; what goes to an upstream is the bare text, since that
 * door adds a masked header of its own.
 *
 * <p>Here each action is only handed to whom it concerns: {@link ItemEncoder}, {@link AnswerEncoder} and
 * {@link CallEncoder} write texts by way of {@link FrameWriter}; {@link LoopActions} has what needs no bytes.
 */
public final class Encoder implements AutoCloseable
{
    private final FailedForwards failedForwards;
    private final FrameArena arena;
    private final StageClock clock;
    private final LoopActions loops;
    private final FrameWriter frames;
    private final ItemEncoder items;
    private final AnswerEncoder answers;
    private final CallEncoder calls;

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
        this.failedForwards = failedForwards;
        clock = new StageClock(beside.clock());
        arena = new FrameArena(allocator, passedSequence);
        loops = new LoopActions(laneLoops);
        frames = new FrameWriter(arena, loops, counters);
        items = new ItemEncoder(
            frames, loops, new RelayMember(beside, clock));
        answers = new AnswerEncoder(frames, loops, new ErrorText(errorEnd), batchResponseBytes, counters);
        calls = new CallEncoder(frames);
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
        frames.begin(slotSequence);
        loops.begin();
    }

    /**
     * Tells which loops have work in the slot.
     *
     * @return bit i is set for loop i.
     */
    public long loopMask()
    {
        return loops.loopMask();
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
                calls.forward(action, out);
                break;

            case REPLY_TEXT:
                answers.replyText(action, out);
                break;

            case REPLY_ERROR:
                answers.replyError(action.to, action.errorCode, action.errorMessage, out);
                break;

            case BATCH:
                answers.beginBatch(action, out);
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
                items.publish(action, out);
                break;

            case PUBLISH_ERROR:
                items.publishError(action, out);
                break;

            case REPLY_RESULT:
                answers.replyResult(action, out);
                break;

            case REPLY_ERROR:
                answers.replyError(action.to, action.errorCode, action.errorMessage, out);
                break;

            case REPLY_ERROR_OBJECT:
                answers.replyErrorObject(action, out);
                break;

            case OPEN:
                answers.open(action, out);
                break;

            case TELL:
                items.tell(action, out);
                break;

            case REPLAY:
                items.replay(action, out);
                break;

            case SHUT:
                answers.forgetOpening(action);
                loops.shut(action.to.connectionId, action.topic, out);
                break;

            case RELEASE:
                loops.release(action.topic, out);
                break;

            case RESET_LANE:
                loops.resetLane(action.laneIndex, out);
                break;

            case CUT_OFF, MEASURE, TAKE_OVER, REPLAY_PAUSED, REPLAY_DONE, REPLAY_PARKED:
                loops.addForConnection(ofConnection(action.kind), action, out);
                break;

            default:
                calls.ownCall(action, out);
                break;
        }
    }

    /** What a loop is to do to one connection, without a text of its own. */
    private static EgressAction.Kind ofConnection(final MatchedAction.Kind kind)
    {
        return switch (kind)
        {
            case CUT_OFF -> EgressAction.Kind.CUT_OFF;
            case MEASURE -> EgressAction.Kind.MEASURE;
            case TAKE_OVER -> EgressAction.Kind.TAKE_OVER;
            case REPLAY_PAUSED -> EgressAction.Kind.REPLAY_PAUSED;
            case REPLAY_DONE -> EgressAction.Kind.REPLAY_DONE;
            case REPLAY_PARKED -> EgressAction.Kind.REPLAY_PARKED;
            default -> throw new IllegalArgumentException(kind + " is not for one connection");
        };
    }

    /**
     * Forgets a connection: its unfinished batches can't be delivered.
     *
     * @param connectionId who went.
     */
    public void onClientClosed(final long connectionId)
    {
        answers.onClientClosed(connectionId);
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
            answers.answerFailed(action.to, out);
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
            answers.answerFailed(action.to, out);
        }
    }

    /** Gives all chunks back; after the loops have stopped. */
    @Override
    public void close()
    {
        answers.clear();
        arena.close();
    }
}
