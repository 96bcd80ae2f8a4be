package io.ringcast.transport.door;

import java.util.regex.Pattern;

/**
 * What the id of an event says: how far a stream had got in each of its subscriptions.
 * Immutable.
 *
 * <pre>
 *   0k3f9az.88122        epoch, and the number of the last item
 *   0k3f9az.88122-17     the same for a stream with two subscriptions, in the order of the URL
 *   0k3f9az.88122-1234567:9f3a00c1d2e3f405:41
 *                        the second is still being sent what was before it came; where the last of that stands
 *   0k3f9az.88122-past   the same, and one can't go on there
 * </pre>
 *
 * @param epoch   names the relay's life; null if nothing can be resumed.
 * @param numbers the number of the last item of each subscription, or its place.
 */
record SsePosition(String epoch, String[] numbers)
{
    /** Stands between the numbers. */
    static final char SEPARATOR = '-';
    /** Stands for a number while a subscription reads what was before it came, and is at no place to go on behind. */
    static final String PAST = "past";
    private static final SsePosition NONE = new SsePosition(null, new String[0]);
    private static final String ONE = "([0-9]{1,18}(:[0-9a-f]{16}:[0-9]{1,9})?|past)";
    /** Possessive, since what is matched step by step and may be given back takes the thread's stack for each step. */
    private static final Pattern TEXT =
        Pattern.compile("[0-9A-Za-z]{1,32}\\." + ONE + "(-" + ONE + "){0,1023}+");

    /**
     * Reads an id.
     *
     * @param lastEventId what the client says it had last; may be null.
     * @return the position, which resumes nothing if there is none or it is no position.
     */
    static SsePosition of(final String lastEventId)
    {
        if (!isPosition(lastEventId))
        {
            return NONE;
        }
        final int point = lastEventId.indexOf('.');
        return new SsePosition(lastEventId.substring(0, point), lastEventId.substring(point + 1).split("-"));
    }

    static boolean isPosition(final String lastEventId)
    {
        return lastEventId != null && TEXT.matcher(lastEventId).matches();
    }

    /** Whether a subscription goes on behind a place on the chain; it does so without a gap, or is refused. */
    boolean hasPlace(final int index, final int count)
    {
        return numbers.length == count && numbers[index].indexOf(':') > 0;
    }

    /**
     * Tells whether a stream goes on where this says.
     *
     * @param now where it begins.
     * @return false if something is left out, or comes again.
     */
    boolean isMetBy(final SsePosition now)
    {
        boolean isMet = numbers.length == now.numbers.length;
        for (int i = 0; isMet && i < numbers.length; i++)
        {
            isMet = hasPlace(i, numbers.length) || epoch.equals(now.epoch) && numbers[i].equals(now.numbers[i]);
        }
        return isMet;
    }

    /**
     * Asks to go on where the stream was.
     *
     * @param index which of its subscriptions it is.
     * @param count how many there are.
     * @return the members of its options that say so; empty if the position is not one of such a stream, or the
     *     subscription is at no place of its past to go on behind: it begins anew.
     */
    String options(final int index, final int count)
    {
        if (numbers.length != count || PAST.equals(numbers[index]))
        {
            return "";
        }
        if (hasPlace(index, count))
        {
            return "\"resume\":{\"c\":\"" + numbers[index] + "\"},\"onGap\":\"backfill\"";
        }
        return "\"resume\":{\"e\":\"" + epoch + "\",\"q\":" + Long.parseLong(numbers[index]) + "},\"onGap\":\"live\"";
    }
}
