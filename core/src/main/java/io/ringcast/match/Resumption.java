package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.PortableCursor;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;

/**
 * Finds where a subscriber goes on who says what it had last.
 * Confined to the pipeline thread that runs match.
 */
final class Resumption
{
    /** What follows the position is not kept. */
    static final PatientSubscriber LOST = new PatientSubscriber(null, DeliveryOptions.PLAIN, 0, 0);
    static final long NO_POSITION = -1;
    /** How many items one question goes back in the history for a topic that has not looked so far back before. */
    private static final int LIMIT_LOOKED_AT = 256;

    private final String epoch;
    private final LogKeys keys = new LogKeys();

    Resumption(final String epoch)
    {
        this.epoch = epoch;
    }

    /**
     * Decides with which item a subscriber begins.
     *
     * @param topic   what it subscribes to.
     * @param options what it asked for.
     * @return null if it gets what is published from now on, and is cut off if it is slow; {@link #LOST} if it can't
     *     go on where it wants to.
     */
    PatientSubscriber begin(final TopicState topic, final DeliveryOptions options)
    {
        if (options.resume() == null)
        {
            return beginsWithNewest(topic) ? newest(topic, options) : live(topic, options);
        }
        final PatientSubscriber resumed = topic.group.history == null ? LOST : behindItem(topic, options);
        return resumed == LOST && options.takesGap() ? live(topic, options) : resumed;
    }

    /** A node would tell how things stand; what the relay has of that is the newest item. */
    private static boolean beginsWithNewest(final TopicState topic)
    {
        return topic.feed.rules != null && topic.feed.rules.beginsWhole && topic.group.history != null &&
            topic.group.history.oldest() < topic.group.nextSequence;
    }

    private static PatientSubscriber newest(final TopicState topic, final DeliveryOptions options)
    {
        final PatientSubscriber subscriber =
            new PatientSubscriber(topic, options, topic.group.nextSequence - 1, NO_POSITION);
        subscriber.isResuming = true;
        return subscriber;
    }

    /**
     * Decides with which item a subscriber goes on that a session knows.
     *
     * @param topic   what it subscribes to.
     * @param options what it asks for now.
     * @param kept    where it was.
     * @return as {@link #begin}; what is no longer kept is passed over and told, unless the options say otherwise.
     */
    PatientSubscriber goOn(final TopicState topic, final DeliveryOptions options, final KeptSubscription kept)
    {
        final TopicHistory history = topic.group.history;
        if (kept.toldPlace() >= 0)
        {
            return goOnInWholeBlocks(topic, options, kept);
        }
        if (history == null || kept.firstPosition() < 0 && kept.sequence() == topic.group.nextSequence)
        {
            return live(topic, options);
        }
        final boolean isGone = kept.firstPosition() < 0 ? kept.sequence() < history.oldest() :
            kept.firstPosition() < topic.feed.history.oldest();
        if (isGone && options.onGap() != null && !options.fillsGap())
        {
            return options.takesGap() ? live(topic, options) : LOST;
        }
        if (kept.firstPosition() >= 0)
        {
            final PatientSubscriber behind =
                behindPosition(topic, options, Math.max(kept.firstPosition(), topic.feed.history.oldest()));
            behind.isResuming = true;
            behind.hidesRemovals = isGone && mayHideRemovals(topic, kept);
            return behind;
        }
        final PatientSubscriber patient = new PatientSubscriber(topic, options, kept.sequence(), NO_POSITION);
        patient.isResuming = true;
        patient.away = kept.takeAway();
        patient.isBack = patient.away == null;
        if (isGone && patient.away == null)
        {
            // It can't have had what could be removed, or has it told anew.
            patient.hidesRemovals = mayHideRemovals(topic, kept);
            patient.passesOver = true;
        }
        return patient;
    }

    /** Whether something that is no longer kept may have said that a log was removed. */
    private static boolean mayHideRemovals(final TopicState topic, final KeptSubscription kept)
    {
        return topic.group.lastRemoval >= kept.sequence();
    }

    /** It is told again what was told, also if nothing was: others of its connection may have missed something. */
    private static PatientSubscriber goOnInWholeBlocks(
        final TopicState topic, final DeliveryOptions options, final KeptSubscription kept)
    {
        final OrderedTopic told = topic.ordered;
        final boolean hasLostItems = kept.toldPlace() < told.oldestKept();
        final boolean isGone = hasLostItems || told.hasLostMarks(kept.markStep());
        if (isGone && options.onGap() != null && !options.fillsGap())
        {
            return options.takesGap() ? live(topic, options) : LOST;
        }
        final long place = hasLostItems ? told.oldestWhole() : kept.toldPlace();
        final PatientSubscriber patient =
            new PatientSubscriber(topic, options, told.sequenceBefore(place), NO_POSITION);
        patient.isResuming = true;
        patient.toldPlace = place;
        patient.markStep = Math.max(kept.markStep(), told.oldestMark());
        patient.passed = kept.wholePlace();
        patient.hidesRemovals = hasLostItems && told.hasToldRemoval(kept.toldPlace());
        if (isGone)
        {
            patient.lostFrom = kept.sequence();
            patient.lostCount = place - kept.toldPlace();
            patient.lostWhy = "history";
        }
        return patient;
    }

    private static PatientSubscriber live(final TopicState topic, final DeliveryOptions options)
    {
        if (topic.ordered != null)
        {
            return nextWholeBlock(topic, options);
        }
        return topic.group.history == null || !PatientSubscriber.mayWait(options) ? null :
            new PatientSubscriber(topic, options, topic.nextSequence(), NO_POSITION);
    }

    /** What comes while the client has yet to read the answers of all its subscribes is told when it has, in order. */
    private static PatientSubscriber nextWholeBlock(final TopicState topic, final DeliveryOptions options)
    {
        final PatientSubscriber patient =
            new PatientSubscriber(topic, options, topic.nextSequence(), NO_POSITION);
        patient.isResuming = false;
        patient.toldPlace = topic.ordered.items.next();
        patient.markStep = topic.ordered.nextStep();
        return patient;
    }

    /** Its number counts if it is kept; else its place, which may be kept for another reason or known to the nodes. */
    private PatientSubscriber behindItem(final TopicState topic, final DeliveryOptions options)
    {
        final PatientSubscriber behind = options.resume().epoch() == null ? LOST : behindNumber(topic, options);
        return behind == LOST && options.resume().cursor() != null ? behindCursor(topic, options) : behind;
    }

    private PatientSubscriber behindNumber(final TopicState topic, final DeliveryOptions options)
    {
        final long wanted = options.resume().sequence() + 1;
        final boolean isKept = epoch.equals(options.resume().epoch()) &&
            wanted >= oldest(topic) && wanted <= topic.group.history.next();
        return isKept ? new PatientSubscriber(topic, options, wanted, NO_POSITION) : LOST;
    }

    private static PatientSubscriber behindCursor(final TopicState topic, final DeliveryOptions options)
    {
        final PortableCursor cursor = options.resume().cursor();
        final long found = topic.feed.history.find(cursor.blockNumber(), cursor.hashStart(), cursor.itemIndex());
        return found < 0 || topic.topic.isBlockOrdered && found + 1 < topic.feed.unorderedTo ?
            LOST : behindPosition(topic, options, found + 1);
    }

    /** The number of the oldest item that one can begin with; for whole blocks that is none of those without order. */
    private static long oldest(final TopicState topic)
    {
        final TopicHistory history = topic.group.history;
        return topic.topic.isBlockOrdered && topic.feed.unorderedTo > 0 ?
            history.sequenceFrom(topic.feed.unorderedTo) : history.oldest();
    }

    /** Until the number is found it counts as having nothing that it may turn out to want. */
    private static PatientSubscriber behindPosition(
        final TopicState topic, final DeliveryOptions options, final long position)
    {
        final TopicHistory history = topic.group.history;
        final long unknown = Math.max(0, history.coveredFrom() - position);
        return new PatientSubscriber(topic, options, history.sequenceFrom(position) - unknown, position);
    }

    /**
     * Looks further back for the items of a topic, some at a time.
     *
     * @param topic    a topic.
     * @param position the position in the feed's history from which on all of its items are to be known.
     * @return true if they are, or can't be; else ask again.
     */
    boolean isCovered(final TopicState topic, final long position)
    {
        final TopicHistory history = topic.group.history;
        final long from = Math.max(position, topic.feed.history.oldest());
        for (int left = LIMIT_LOOKED_AT; left > 0 && history.coveredFrom() > from; left--)
        {
            final long candidate = history.coveredFrom() - 1;
            if (!history.tryCover(candidate, isTaken(topic, candidate)))
            {
                return true;
            }
        }
        return history.coveredFrom() <= from;
    }

    private boolean isTaken(final TopicState topic, final long position)
    {
        final FeedHistory feed = topic.feed.history;
        return keys.tryRead(feed.bytes(position), feed.offset(position), feed.length(position)) &&
            topic.group.matching(keys) != 0;
    }

    /**
     * The error object for a position that is lost: what is the oldest one that would do, and where on the chain the
     * oldest item stands that is kept.
     */
    byte[] lost(final TopicState topic)
    {
        final String oldest = topic.group.history == null ? "null" :
            "{\"e\":\"" + epoch + "\",\"q\":" + (oldest(topic) - 1) + "}";
        final PortableCursor place = oldestPlace(topic);
        final String error = "{\"code\":" + RpcError.POSITION_LOST +
            ",\"message\":\"the items behind this position are no longer kept\",\"data\":{\"oldest\":" + oldest +
            (place == null ? "" : ",\"cursor\":\"" + place + '"') + "}}";
        return error.getBytes(StandardCharsets.US_ASCII);
    }

    private static PortableCursor oldestPlace(final TopicState topic)
    {
        final TopicHistory history = topic.group.history;
        return history == null || oldest(topic) == history.next() ? null :
            topic.feed.history.place(history.position(oldest(topic)));
    }
}
