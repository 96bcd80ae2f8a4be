package io.ringcast.law;

/**
 * Reads members of JSON texts that a test has made itself. The laws read hundreds of thousands: by patterns that took
 * more time than the relay.
 * Any thread: it holds nothing.
 */
public final class Member
{
    private Member()
    {
    }

    /**
     * Finds a member whose value is a string without escapes.
     *
     * @param text JSON without white space.
     * @param name the member's name; of several the last counts.
     * @return the string.
     */
    public static String of(final String text, final String name)
    {
        final String start = '"' + name + "\":\"";
        final int at = text.lastIndexOf(start);
        if (at < 0)
        {
            throw new AssertionError("no " + name + " in " + text);
        }
        final int from = at + start.length();
        return text.substring(from, text.indexOf('"', from));
    }
}
